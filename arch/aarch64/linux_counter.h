// SPDX-License-Identifier: BSD-2-Clause
// What a Linux program can know of the counter that it reads itself.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// The kernel's name for it, where it keeps time with it itself. [Linux drivers/clocksource, arch/x86]
inline constexpr char const* counter_clocksource = "arch_sys_counter";

inline constexpr u32 counter_bits = 56;

// It goes on at one rate in every state of the CPU:
// the generic timer is, by its architecture. [Arm DDI 0487, D11.1.2]
inline bool counter_is_steady() { return true; }
inline constexpr char const* unsteady_counter = "the counter's rate changes";

}  // namespace vdsokit::arch
