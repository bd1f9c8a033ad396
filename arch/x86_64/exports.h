// SPDX-License-Identifier: BSD-2-Clause
// The names under which an x86_64 image exports the functions of vdso/exports.cc: Linux's, and the
// bare ones as weak aliases; versions.map gives them their version. Each alias needs its target in
// the same file, hence exports_time.h and exports_getcpu.h beside this one.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

struct Timespec;
struct Timeval;
struct Timezone;

extern "C" {
[[gnu::visibility("default")]] i32 clock_gettime(u32 clock,
                                                 Timespec* time) asm("__vdso_clock_gettime");
[[gnu::visibility("default")]] i32 gettimeofday(Timeval* time,
                                                Timezone* zone) asm("__vdso_gettimeofday");
[[gnu::visibility("default")]] i32 clock_getres(u32 clock,
                                                Timespec* resolution) asm("__vdso_clock_getres");

[[gnu::visibility("default"), gnu::weak, gnu::alias("__vdso_clock_gettime")]] i32
bare_clock_gettime(u32 clock, Timespec* time) asm("clock_gettime");
[[gnu::visibility("default"), gnu::weak, gnu::alias("__vdso_gettimeofday")]] i32 bare_gettimeofday(
    Timeval* time, Timezone* zone) asm("gettimeofday");
[[gnu::visibility("default"), gnu::weak, gnu::alias("__vdso_clock_getres")]] i32 bare_clock_getres(
    u32 clock, Timespec* resolution) asm("clock_getres");
}

}  // namespace vdsokit::vdso
