# SPDX-License-Identifier: BSD-2-Clause
# The compile flags of each kind of target, once.

add_library(vdsokit_warnings INTERFACE)
target_compile_options(vdsokit_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wvla -Werror
  $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>)

# Every target sees the tree by "folder/file.h"; the CPU folder is chosen by one of the next two.
add_library(vdsokit_tree INTERFACE)
target_include_directories(vdsokit_tree INTERFACE "${PROJECT_SOURCE_DIR}")
target_link_libraries(vdsokit_tree INTERFACE vdsokit_warnings)

# Code that has no operating system below it: no heap, no exceptions, no libc.
add_library(vdsokit_freestanding INTERFACE)
target_link_libraries(vdsokit_freestanding INTERFACE vdsokit_tree)
target_compile_options(vdsokit_freestanding INTERFACE
  -ffreestanding -fno-stack-protector
  # A target that wants unwind tables has the property VDSOKIT_UNWINDS.
  $<IF:$<BOOL:$<TARGET_PROPERTY:VDSOKIT_UNWINDS>>,-fasynchronous-unwind-tables,-fno-asynchronous-unwind-tables>
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:VDSOKIT_UNWINDS>>>:-fno-unwind-tables>
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -g0 -O2
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit>)

# How hosted test code is compiled: under sanitizers; in a build that is instrumented (CMakeLists.txt)
# as that needs it.
add_library(vdsokit_sanitized INTERFACE)
set(sanitizers -fsanitize=address,undefined)
if(VDSOKIT_INSTRUMENT STREQUAL "coverage")
  target_compile_options(vdsokit_sanitized INTERFACE --coverage -O0)
  target_link_options(vdsokit_sanitized INTERFACE --coverage)
else()
  target_compile_options(vdsokit_sanitized INTERFACE ${sanitizers} -fno-sanitize-recover=all
    -fno-omit-frame-pointer -O1 $<$<STREQUAL:${VDSOKIT_INSTRUMENT},fuzzer>:-fsanitize=fuzzer-no-link>)
  target_link_options(vdsokit_sanitized INTERFACE ${sanitizers})
endif()

# The whole kit on the fake CPU, once for all tests of it.
if(NOT VDSOKIT_TARGET)
  add_library(kit-on-fake STATIC EXCLUDE_FROM_ALL ${VDSOKIT_KIT_SOURCES})
  target_include_directories(kit-on-fake PUBLIC "${PROJECT_SOURCE_DIR}/arch/fake")
  target_link_libraries(kit-on-fake PUBLIC vdsokit_tree vdsokit_sanitized)
endif()

# A unit test: hosted, on the fake CPU, under AddressSanitizer and UndefinedBehaviorSanitizer.
# vdsokit_unit_test(NAME name SOURCES file... [LIBRARIES target...] [CPU cpu] [NO_SANITIZE])
function(vdsokit_unit_test)
  cmake_parse_arguments(T "NO_SANITIZE" "NAME;CPU" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT T_CPU)
    set(T_CPU fake)
  endif()
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${T_NAME} ${T_SOURCES} "${PROJECT_SOURCE_DIR}/test/main.cc")
  target_include_directories(${T_NAME} PRIVATE "${PROJECT_SOURCE_DIR}/arch/${T_CPU}")
  target_link_libraries(${T_NAME} PRIVATE vdsokit_tree GTest::gtest ${T_LIBRARIES})
  set_target_properties(${T_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/test")
  if(NOT T_NO_SANITIZE)
    target_link_libraries(${T_NAME} PRIVATE vdsokit_sanitized)
  endif()
  gtest_discover_tests(${T_NAME} TEST_PREFIX "${T_NAME}." DISCOVERY_TIMEOUT 60)
endfunction()
