# SPDX-License-Identifier: BSD-2-Clause
# Linux programs for the guest, in ordinary C, by Debian's cross compiler and either libc.

set(VDSOKIT_SYSROOT "${PROJECT_SOURCE_DIR}/build/sysroot/${VDSOKIT_TARGET}" CACHE PATH
  "Debian's packages for this CPU, as scripts/sysroot unpacks them")
set(VDSOKIT_PROGRAMS "${VDSOKIT_OUTPUT}/programs/${VDSOKIT_TARGET}")

# Fetches them when they are not there yet.
execute_process(COMMAND "${PROJECT_SOURCE_DIR}/scripts/sysroot" "${VDSOKIT_SYSROOT}"
  COMMAND_ERROR_IS_FATAL ANY)

# vdsokit_program(NAME name SOURCES file... LIBC musl|glibc LINKAGE static|dynamic|static-pie)
# Target program-<name>, file ${VDSOKIT_PROGRAMS}/<name>.
function(vdsokit_program)
  cmake_parse_arguments(P "" "NAME;LIBC;LINKAGE" "SOURCES" ${ARGN})
  set(target program-${P_NAME})
  add_executable(${target} ${P_SOURCES})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME ${P_NAME}
    RUNTIME_OUTPUT_DIRECTORY "${VDSOKIT_PROGRAMS}"
    C_STANDARD 11 C_EXTENSIONS ON)
  target_link_libraries(${target} PRIVATE vdsokit_warnings)
  if(P_LIBC STREQUAL "musl")
    target_compile_options(${target} PRIVATE "-specs=${VDSOKIT_SYSROOT}/musl-gcc.specs")
    target_link_options(${target} PRIVATE "-specs=${VDSOKIT_SYSROOT}/musl-gcc.specs")
  endif()
  if(P_LINKAGE STREQUAL "static")
    target_compile_options(${target} PRIVATE -fno-pie)
    target_link_options(${target} PRIVATE -static -no-pie)
  elseif(P_LINKAGE STREQUAL "static-pie")
    target_compile_options(${target} PRIVATE -fPIE)
    target_link_options(${target} PRIVATE -static-pie)
  else()
    target_compile_options(${target} PRIVATE -fPIE)
    target_link_options(${target} PRIVATE -pie)
  endif()
  target_compile_options(${target} PRIVATE -O2 -g0 -pthread
    -Wno-sign-conversion)  # musl's own macros are full of it
  target_link_options(${target} PRIVATE -pthread -s)
endfunction()

# vdsokit_probe(name libc linkage threads): the demonstration's program, probe-<name>.
function(vdsokit_probe name libc linkage threads)
  vdsokit_program(NAME probe-${name} SOURCES "${PROJECT_SOURCE_DIR}/test/programs/probe.c"
    LIBC ${libc} LINKAGE ${linkage})
  target_compile_definitions(program-probe-${name} PRIVATE
    PROBE_LIBC="${libc}" PROBE_LINKAGE="${linkage}" PROBE_THREADS=${threads})
endfunction()
