// SPDX-License-Identifier: BSD-2-Clause
// 32-bit arm as Linux uses its registers. `Registers` has x[] (r0 to r14), pc and pstate, which
// holds the CPSR: a 64-bit host that runs such programs sees them so.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch::arm {

inline constexpr u32 call_register = 7;
inline constexpr u32 stack_register = 13;
inline constexpr u32 link_register = 14;

// CPSR. [Arm DDI 0487, G1.9.2]
namespace cpsr {
inline constexpr u64 mode = 0x1f, user_mode = 0x10, thumb = 1 << 5, masks = 7 << 6,
                     big_endian = 1 << 9, if_then = u64{3} << 25 | u64{0x3f} << 10;
// What a program may choose: NZCVQ, IT, GE, T.
inline constexpr u64 of_program = u64{0x1f} << 27 | if_then | u64{0xf} << 16 | thumb;
// What a signal handler starts without. [Linux arch/arm64/kernel/signal32.c, compat_setup_return()]
inline constexpr u64 not_in_handler = u64{0xff} << 24 | if_then | big_endian | thumb;
}  // namespace cpsr

// MINSIGSTKSZ. [arch/arm/include/uapi/asm/signal.h]
inline constexpr u64 smallest_signal_stack = 2048;

// The undefined instructions that debuggers for Linux put where they want to stop. [Linux
// arch/arm64/kernel/debug-monitors.c, aarch32_break_handler()]
inline constexpr u32 arm_break = 0x07f0'01f0;  // under any condition: bits 27 to 0
inline constexpr u32 thumb_break = 0xde01;

// Of the `svc #0` that entered the kernel.
constexpr u64 call_size(u64 state) { return (state & cpsr::thumb) != 0 ? 2 : 4; }

// As bx does: bit 0 of the address says which instructions are there.
template <class Registers>
void branch(Registers& registers, u64 to) {
    bool const is_thumb = (to & 1) != 0;
    registers.pstate = is_thumb ? registers.pstate | cpsr::thumb : registers.pstate & ~cpsr::thumb;
    registers.pc = to & ~u64{is_thumb ? 1u : 3u};
}

}  // namespace vdsokit::arch::arm
