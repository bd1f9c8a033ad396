// SPDX-License-Identifier: BSD-2-Clause
// What an injector must know of the registers of an x86_64 Linux process.
// [Linux arch/x86/include/uapi/asm/ptrace.h; System V ABI]
#pragma once

#include <sys/user.h>

#include "arch/types.h"

namespace vdsokit::arch {

using TraceeRegisters = user_regs_struct;

inline u64 tracee_pc(TraceeRegisters const& registers) { return registers.rip; }
inline u64 tracee_sp(TraceeRegisters const& registers) { return registers.rsp; }

// Below the stack pointer this many bytes belong to the running function. [System V ABI, 3.2.2]
inline constexpr u64 red_zone = 128;

// It stands behind a system call: what that returned, and how to make the call once more.
inline i64 call_result(TraceeRegisters const& registers) { return static_cast<i64>(registers.rax); }
inline void repeat_call(TraceeRegisters& registers, u32 number, u64 /*first_argument*/) {
    registers.rip -= 2;  // `syscall`
    registers.rax = number;
    registers.orig_rax = ~u64{0};
}

// Makes it run linux_batch.s, which lies at `code`.
inline void point_at_batch(TraceeRegisters& registers, u64 code, u64 first_step) {
    registers.rip = code;
    registers.rbx = first_step;
    registers.r12 = 0;
    registers.orig_rax = ~u64{0};  // no system call is to be restarted
}

}  // namespace vdsokit::arch
