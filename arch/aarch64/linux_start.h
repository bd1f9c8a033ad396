// SPDX-License-Identifier: BSD-2-Clause
// aarch64: the first instruction of a program, as execve would leave the CPU.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// By what a thread's area for restartable sequences was registered. [glibc, bits/rseq.h]
inline constexpr u32 rseq_signature = 0xd428'bc00;

// x0 is a function that libc would call at exit: none. A jump by x16 may land on any `bti`.
[[noreturn]] inline void start_program(u64 entry, u64 stack_pointer) {
    register u64 x16 asm("x16") = entry;
    register u64 x17 asm("x17") = stack_pointer;
    asm volatile(
        "mov sp, x17\n\t"
        ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, "
        "22\n\t"
        "mov x\\number, #0\n\t"
        ".endr\n\t"
        ".irp number, 23, 24, 25, 26, 27, 28, 29, 30\n\t"
        "mov x\\number, #0\n\t"
        ".endr\n\t"
        "br x16"
        :
        : "r"(x16), "r"(x17)
        : "memory");
    __builtin_unreachable();
}

}  // namespace vdsokit::arch
