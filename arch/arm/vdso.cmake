# SPDX-License-Identifier: BSD-2-Clause
# The facts of the arm image that the build needs. 4096 is the only page size of the CPU.
set(VDSOKIT_PAGE_SIZES 4096 CACHE STRING "page sizes to build images for")
set(VDSOKIT_IMAGE_CODE_PAGES 1)
set(VDSOKIT_IMAGE_SONAME linux-vdso.so.1)
set(VDSOKIT_IMAGE_HASH both)
set(VDSOKIT_IMAGE_EXPORTS exports32.cc)

# One image for both float ABIs, as no function takes or returns a floating-point number: soft, and
# vdsokit-pack takes the linker's mark off. ARM state, because the trap instruction has one form there.
set(VDSOKIT_IMAGE_ABI -march=armv7-a -marm -mfloat-abi=soft)
