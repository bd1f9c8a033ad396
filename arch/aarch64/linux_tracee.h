// SPDX-License-Identifier: BSD-2-Clause
// What an injector must know of an aarch64 Linux process: its registers, and the code that makes a
// batch of system calls on its behalf. [Linux arch/arm64/include/uapi/asm/ptrace.h]
#pragma once

#include <sys/user.h>

#include <array>

#include "arch/types.h"

namespace vdsokit::arch {

using TraceeRegisters = user_regs_struct;

// x19 points to the first BatchCall (hosts/linux/batch.h); goes on for ever, whoever runs it stops it at its last call.
inline constexpr std::array<u32, 8> batch_code{
    0xa9400268,  // ldp x8, x0, [x19]
    0xa9410a61,  // ldp x1, x2, [x19, #16]
    0xa9421263,  // ldp x3, x4, [x19, #32]
    0xf9401a65,  // ldr x5, [x19, #48]
    0xd4000001,  // svc #0
    0xf9001e60,  // str x0, [x19, #56]
    0x91010273,  // add x19, x19, #64
    0x17fffff9,  // b to the start
};

inline u64 tracee_pc(TraceeRegisters const& registers) { return registers.pc; }
inline u64 tracee_sp(TraceeRegisters const& registers) { return registers.sp; }

inline constexpr u64 red_zone = 0;

inline void point_at_batch(TraceeRegisters& registers, u64 code, u64 table) {
    registers.pc = code;
    registers.regs[19] = table;
}

}  // namespace vdsokit::arch
