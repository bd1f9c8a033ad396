# SPDX-License-Identifier: BSD-2-Clause
# The facts of the aarch64 image that the build needs.

# The first one's image is vdso.so; one page of code and one time page each.
set(VDSOKIT_PAGE_SIZES 4096 16384 65536 CACHE STRING "page sizes to build images for")
set(VDSOKIT_IMAGE_CODE_PAGES 1)
set(VDSOKIT_IMAGE_SONAME linux-vdso.so.1)
# DT_HASH alone: Go before its fix looks up a wrong DT_GNU_HASH on this CPU.
set(VDSOKIT_IMAGE_HASH sysv)
set(VDSOKIT_IMAGE_SOURCES getrandom.cc)
set(VDSOKIT_IMAGE_ASSEMBLY chacha20.s sigreturn.s)

# tiny: the time page is reached by one adr. General registers only: a kernel may trap the others.
# x18 is the platform's. No branch protection: Linux's sigreturn has no bti either, and an image with
# the property note would ask for a guarded page of every host.
set(VDSOKIT_IMAGE_OPTIONS -mcmodel=tiny -mgeneral-regs-only -ffixed-x18 -mbranch-protection=none)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # With it, gcc 12 copies both arguments at entry: two instructions more in every call.
  list(APPEND VDSOKIT_IMAGE_OPTIONS -fno-cse-follow-jumps)
endif()

# One page is all there is: rel4-linux-kit reads no more. The last two passes trade size for speed
# where gcc 12 sees a loop, even with -Os.
set(VDSOKIT_IMAGE_SMALL read_clock.cc getrandom.cc)
set(VDSOKIT_IMAGE_SMALL_OPTIONS -Os)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND VDSOKIT_IMAGE_SMALL_OPTIONS -fno-tree-vrp -fno-ivopts)
endif()
