# SPDX-License-Identifier: BSD-2-Clause
# The same images by the other compiler and linker: clang and lld, for any VDSOKIT_TARGET.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES VDSOKIT_TARGET)
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR "${VDSOKIT_TARGET}")
foreach(language IN ITEMS C CXX ASM)
  set(CMAKE_${language}_COMPILER clang)
  set(CMAKE_${language}_COMPILER_TARGET "${VDSOKIT_TARGET}-linux-gnu")
endforeach()
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_ASM_FLAGS_INIT -Wno-unused-command-line-argument)  # those for C and C++
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
