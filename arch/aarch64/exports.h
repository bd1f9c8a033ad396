// SPDX-License-Identifier: BSD-2-Clause
// The names under which an aarch64 image exports its functions; vdso/exports.cc defines them, and
// versions.map gives the same names their version.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

struct Timespec;
struct Timeval;
struct Timezone;

extern "C" {
[[gnu::visibility("default")]] i32 clock_gettime(u32 clock,
                                                 Timespec* time) asm("__kernel_clock_gettime");
[[gnu::visibility("default")]] i32 gettimeofday(Timeval* time,
                                                Timezone* zone) asm("__kernel_gettimeofday");
[[gnu::visibility("default")]] i32 clock_getres(u32 clock,
                                                Timespec* resolution) asm("__kernel_clock_getres");
}

}  // namespace vdsokit::vdso
