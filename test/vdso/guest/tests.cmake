# SPDX-License-Identifier: BSD-2-Clause
# Which tests of call_image.cc each CPU's images pass: a row for each CPU.
set(every unpublished counted held held-locks odd-counts resolution)

set(images_aarch64 vdso vdso-16k vdso-64k)
set(tests_aarch64 ${every} published direct sigreturn)

set(images_arm vdso)
set(tests_arm ${every} direct narrow)

set(images_riscv64 vdso)
set(tests_riscv64 ${every} own-calls sigreturn)

set(images_x86_64 vdso)
set(tests_x86_64 ${every} own-calls)
