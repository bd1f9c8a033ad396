// SPDX-License-Identifier: BSD-2-Clause
// What a Linux program can know of the counter that it reads itself.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr u32 counter_bits = 64;

// It goes on at one rate in every state of the CPU:
// time is, by its architecture. [RISC-V unprivileged ISA, Zicntr]
inline bool counter_is_steady() { return true; }
inline constexpr char const* unsteady_counter = "the counter's rate changes";

}  // namespace vdsokit::arch
