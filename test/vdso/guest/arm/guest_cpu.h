// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "test/vdso/guest/names.h"

namespace vdsokit::test {

inline constexpr Names names{.clock_gettime = "__vdso_clock_gettime64",
                             .clock_getres = "__vdso_clock_getres_time64",
                             .gettimeofday = "__vdso_gettimeofday",
                             .clock_gettime32 = "__vdso_clock_gettime",
                             .clock_getres32 = "__vdso_clock_getres"};

// qemu-arm has no counter for programs: its registers are illegal instructions. This answers them as
// qemu-aarch64 would, and goes on behind them.
void prepare_counter();

}  // namespace vdsokit::test
