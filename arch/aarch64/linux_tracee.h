// SPDX-License-Identifier: BSD-2-Clause
// What an injector must know of the registers of an aarch64 Linux process.
// [Linux arch/arm64/include/uapi/asm/ptrace.h]
#pragma once

#include <sys/user.h>

#include "arch/types.h"

namespace vdsokit::arch {

using TraceeRegisters = user_regs_struct;

inline u64 tracee_pc(TraceeRegisters const& registers) { return registers.pc; }
inline u64 tracee_sp(TraceeRegisters const& registers) { return registers.sp; }

inline constexpr u64 red_zone = 0;

// It stands behind a system call: what that returned, and how to make the call once more.
inline i64 call_result(TraceeRegisters const& registers) {
    return static_cast<i64>(registers.regs[0]);
}
inline void repeat_call(TraceeRegisters& registers, u32 number, u64 first_argument) {
    registers.pc -= 4;  // `svc`
    registers.regs[0] = first_argument;
    registers.regs[8] = number;
}

// Makes it run linux_batch.s, which lies at `code`.
inline void point_at_batch(TraceeRegisters& registers, u64 code, u64 first_step) {
    registers.pc = code;
    registers.regs[19] = first_step;
    registers.regs[20] = 0;
}

}  // namespace vdsokit::arch
