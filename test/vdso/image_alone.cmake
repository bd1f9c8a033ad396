# SPDX-License-Identifier: BSD-2-Clause
# The CMakeLists.txt of a tree that builds images and nothing else; see `reproducible`.
cmake_minimum_required(VERSION 3.25)
project(vdsokit LANGUAGES C CXX ASM)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_SOURCE_DIR}/cmake")
include(VdsokitTargets)
add_subdirectory(vdso)
