// SPDX-License-Identifier: BSD-2-Clause
// 32-bit arm: what exec tells and gives to a process besides its program.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch::arm {

inline constexpr u16 elf_machine = 40;
inline constexpr u8 elf_class = 1;
// e_flags of a program for the EABI name its version; others make system calls in another way.
inline constexpr u32 elf_abi_mask = 0xff00'0000;

// What an ARMv8 CPU says of itself to 32-bit programs: AT_PLATFORM, uname.
inline constexpr char const* platform = "v8l";
inline constexpr char const* linux_machine = "armv8l";

// The way back from a handler without a restorer: `mov r7, #119; svc #0` in both instruction sets,
// then the same with 173 for a handler that gets a siginfo. Unwinders know these words.
inline constexpr u32 signal_return_code[] = {0xe3a0'7077, 0xef00'0000, 0xdf00'2777,
                                             0xe3a0'70ad, 0xef00'0000, 0xdf00'27ad};
constexpr u64 signal_return_offset(bool is_thumb, bool wants_info) {
    u64 const words = (wants_info ? 3 : 0) + (is_thumb ? 2 : 0);
    return words * sizeof(u32) + (is_thumb ? 1 : 0);
}

}  // namespace vdsokit::arch::arm
