// SPDX-License-Identifier: BSD-2-Clause
// x86_64: the first instruction of a program, as execve would leave the CPU.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// By what a thread's area for restartable sequences was registered. [glibc, bits/rseq.h]
inline constexpr u32 rseq_signature = 0x5305'3053;

// rdx is a function that libc would call at exit: none. [System V ABI, AMD64 supplement, 3.4.1]
[[noreturn]] inline void start_program(u64 entry, u64 stack_pointer) {
    asm volatile(
        "mov %1, %%rsp\n\t"
        "xor %%ebx, %%ebx\n\txor %%edx, %%edx\n\txor %%esi, %%esi\n\txor %%edi, %%edi\n\t"
        "xor %%ebp, %%ebp\n\txor %%r8d, %%r8d\n\txor %%r9d, %%r9d\n\txor %%r10d, %%r10d\n\t"
        "xor %%r11d, %%r11d\n\txor %%r12d, %%r12d\n\txor %%r13d, %%r13d\n\t"
        "xor %%r14d, %%r14d\n\txor %%r15d, %%r15d\n\t"
        "jmp *%%rax"
        :
        : "a"(entry), "c"(stack_pointer)
        : "memory");
    __builtin_unreachable();
}

}  // namespace vdsokit::arch
