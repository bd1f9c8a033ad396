# SPDX-License-Identifier: BSD-2-Clause
# Drives the cross builds from the native one. Each is this same tree with VDSOKIT_TARGET set; it
# uses the native tool vdsokit-pack on the images that it links.
include(ExternalProject)

# vdsokit_cross(cpu): build/cross/<cpu>; installs images to build/images/<cpu>.
function(vdsokit_cross cpu)
  ExternalProject_Add(cross-${cpu}
    SOURCE_DIR "${PROJECT_SOURCE_DIR}"
    BINARY_DIR "${CMAKE_BINARY_DIR}/cross/${cpu}"
    PREFIX "${CMAKE_BINARY_DIR}/cross/prefix-${cpu}"
    CMAKE_ARGS
      "-DCMAKE_TOOLCHAIN_FILE=${PROJECT_SOURCE_DIR}/cmake/toolchain-${cpu}.cmake"
      "-DVDSOKIT_TARGET=${cpu}"
      "-DVDSOKIT_OUTPUT=${CMAKE_BINARY_DIR}"
      "-DVDSOKIT_PACK=$<TARGET_FILE:vdsokit-pack>"
      "-DSEL4_PREFIX=${SEL4_PREFIX}"
    DEPENDS vdsokit-pack
    BUILD_ALWAYS ON
    BUILD_BYPRODUCTS "${CMAKE_BINARY_DIR}/images/${cpu}/vdso.so"
    INSTALL_COMMAND ""
    USES_TERMINAL_BUILD ON)
endfunction()

vdsokit_cross(aarch64)
vdsokit_cross(arm)
vdsokit_cross(riscv64)
vdsokit_cross(x86_64)
