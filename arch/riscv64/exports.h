// SPDX-License-Identifier: BSD-2-Clause
// The names under which a riscv64 image exports the functions of vdso/exports.cc; kernel_calls.s
// has what is a system call in any case.
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
}

}  // namespace vdsokit::vdso
