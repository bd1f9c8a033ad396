// SPDX-License-Identifier: BSD-2-Clause
// What an injector must know of an x86_64 Linux process: its registers, and the code that makes a
// batch of system calls on its behalf. [Linux arch/x86/include/uapi/asm/ptrace.h; System V ABI]
#pragma once

#include <sys/user.h>

#include <array>

#include "arch/types.h"

namespace vdsokit::arch {

using TraceeRegisters = user_regs_struct;

// rbx points to the first BatchCall (hosts/linux/batch.h); goes on for ever, whoever runs it stops it at its last call.
inline constexpr std::array<u8, 39> batch_code{
    0x48, 0x8b, 0x03,        // mov rax, [rbx]
    0x48, 0x8b, 0x7b, 0x08,  // mov rdi, [rbx + 8]
    0x48, 0x8b, 0x73, 0x10,  // mov rsi, [rbx + 16]
    0x48, 0x8b, 0x53, 0x18,  // mov rdx, [rbx + 24]
    0x4c, 0x8b, 0x53, 0x20,  // mov r10, [rbx + 32]
    0x4c, 0x8b, 0x43, 0x28,  // mov r8, [rbx + 40]
    0x4c, 0x8b, 0x4b, 0x30,  // mov r9, [rbx + 48]
    0x0f, 0x05,              // syscall
    0x48, 0x89, 0x43, 0x38,  // mov [rbx + 56], rax
    0x48, 0x83, 0xc3, 0x40,  // add rbx, 64
    0xeb, 0xd9,              // jmp to the start
};

inline u64 tracee_pc(TraceeRegisters const& registers) { return registers.rip; }
inline u64 tracee_sp(TraceeRegisters const& registers) { return registers.rsp; }

// Below the stack pointer this many bytes belong to the running function. [System V ABI, 3.2.2]
inline constexpr u64 red_zone = 128;

inline void point_at_batch(TraceeRegisters& registers, u64 code, u64 table) {
    registers.rip = code;
    registers.rbx = table;
    registers.orig_rax = ~u64{0};  // no system call is to be restarted
}

}  // namespace vdsokit::arch
