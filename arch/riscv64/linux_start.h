// SPDX-License-Identifier: BSD-2-Clause
// riscv64: the first instruction of a program, as execve would leave the CPU.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// By what a thread's area for restartable sequences was registered. [Linux tools/testing/selftests/rseq]
inline constexpr u32 rseq_signature = 0xf140'1073;

// a0 is a function that libc would call at exit: none. gp and tp belong to the program now.
[[noreturn]] inline void start_program(u64 entry, u64 stack_pointer) {
    register u64 t0 asm("t0") = entry;
    register u64 t1 asm("t1") = stack_pointer;
    asm volatile(
        "mv sp, t1\n\t"
        ".irp name, ra, gp, tp, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7\n\t"
        "li \\name, 0\n\t"
        ".endr\n\t"
        ".irp name, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6\n\t"
        "li \\name, 0\n\t"
        ".endr\n\t"
        "jr t0"
        :
        : "r"(t0), "r"(t1)
        : "memory");
    __builtin_unreachable();
}

}  // namespace vdsokit::arch
