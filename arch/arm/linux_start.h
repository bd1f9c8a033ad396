// SPDX-License-Identifier: BSD-2-Clause
// arm: the first instruction of a program, as execve would leave the CPU.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// By what a thread's area for restartable sequences was registered. [glibc, bits/rseq.h]
inline constexpr u32 rseq_signature = 0xe7f5'def3;

// r0 is a function that libc would call at exit: none. Bit 0 of the entry says Thumb. r7 and r11
// are cleared in the assembly because either may be the compiler's frame pointer.
[[noreturn]] inline void start_program(u64 entry, u64 stack_pointer) {
    register u32 r12 asm("r12") = static_cast<u32>(entry);
    register u32 r0 asm("r0") = static_cast<u32>(stack_pointer);
    asm volatile(
        "mov sp, r0\n\t"
        ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14\n\t"
        "mov r\\number, #0\n\t"
        ".endr\n\t"
        "bx r12"
        :
        : "r"(r12), "r"(r0)
        : "memory");
    __builtin_unreachable();
}

}  // namespace vdsokit::arch
