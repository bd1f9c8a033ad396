// SPDX-License-Identifier: BSD-2-Clause
// What a Linux program can know of the counter that it reads itself.
#pragma once

#include <cpuid.h>

#include "arch/types.h"

namespace vdsokit::arch {

// The kernel's name for it, where it keeps time with it itself. [Linux drivers/clocksource, arch/x86]
inline constexpr char const* counter_clocksource = "tsc";

inline constexpr u32 counter_bits = 64;

// It goes on at one rate in every state of the CPU. [Intel SDM 3B, 18.17.1, "Invariant TSC"]
inline bool counter_is_steady() {
    u32 a = 0;
    u32 b = 0;
    u32 c = 0;
    u32 d = 0;
    return __get_cpuid(0x8000'0007, &a, &b, &c, &d) != 0 && (d & (u32{1} << 8)) != 0;
}
inline constexpr char const* unsteady_counter = "the CPU's time-stamp counter is not invariant";

}  // namespace vdsokit::arch
