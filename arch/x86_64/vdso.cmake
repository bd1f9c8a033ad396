# SPDX-License-Identifier: BSD-2-Clause
# The facts of the x86_64 image that the build needs.
set(VDSOKIT_PAGE_SIZES 4096 CACHE STRING "page sizes to build images for")
set(VDSOKIT_IMAGE_CODE_PAGES 2)  # the second holds section headers and unwind tables
set(VDSOKIT_IMAGE_SONAME linux-vdso.so.1)
set(VDSOKIT_IMAGE_HASH both)
set(VDSOKIT_IMAGE_SOURCES time.cc getcpu.cc getrandom.cc)
set(VDSOKIT_IMAGE_ASSEMBLY chacha20.s)
set(VDSOKIT_IMAGE_UNWINDS ON)

# No vector registers: a program may have set them up for itself, and a kernel may trap them. No
# promise of branch tracking, like Linux's own image.
# Each function on a cache line of its own: the short ones cost a sixth more where they begin in the
# middle of one. [docs/performance.md]
set(VDSOKIT_IMAGE_OPTIONS -mgeneral-regs-only -fcf-protection=none -falign-functions=64)
