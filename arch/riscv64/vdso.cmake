# SPDX-License-Identifier: BSD-2-Clause
# The facts of the riscv64 image that the build needs. 4096 is the only page size of the CPU.
set(VDSOKIT_PAGE_SIZES 4096 CACHE STRING "page sizes to build images for")
set(VDSOKIT_IMAGE_CODE_PAGES 2)  # the second holds section headers and unwind tables
set(VDSOKIT_IMAGE_SONAME linux-vdso.so.1)
set(VDSOKIT_IMAGE_HASH both)
set(VDSOKIT_IMAGE_SOURCES getrandom.cc)
set(VDSOKIT_IMAGE_ASSEMBLY chacha20.s kernel_calls.s sigreturn.s)
set(VDSOKIT_IMAGE_UNWINDS ON)

# General registers only: a kernel may trap the others. Nothing is left to the linker to shorten:
# lld before version 15 cannot.
set(VDSOKIT_IMAGE_ABI -march=rv64imac_zicsr -mabi=lp64 -mno-relax)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
  list(TRANSFORM VDSOKIT_IMAGE_ABI REPLACE "_zicsr" "")  # always on there, and without a name
endif()
# No section of small data: clang puts constants there, and it is writable.
set(VDSOKIT_IMAGE_OPTIONS -mcmodel=medany -msmall-data-limit=0)
