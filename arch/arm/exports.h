// SPDX-License-Identifier: BSD-2-Clause
// The names under which an arm image exports the functions of vdso/exports32.cc. musl takes
// clock_gettime64 only where the first clock_gettime is too.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

struct Timespec;
struct Timespec32;
struct Timeval;
struct Timezone;

extern "C" {
[[gnu::visibility("default")]] i32 clock_gettime(u32 clock,
                                                 Timespec* time) asm("__vdso_clock_gettime64");
[[gnu::visibility("default")]] i32 clock_gettime32(u32 clock,
                                                   Timespec32* time) asm("__vdso_clock_gettime");
[[gnu::visibility("default")]] i32 gettimeofday(Timeval* time,
                                                Timezone* zone) asm("__vdso_gettimeofday");
[[gnu::visibility("default")]] i32 clock_getres(u32 clock, Timespec* resolution) asm(
    "__vdso_clock_getres_time64");
[[gnu::visibility("default")]] i32 clock_getres32(u32 clock, Timespec32* resolution) asm(
    "__vdso_clock_getres");
}

}  // namespace vdsokit::vdso
