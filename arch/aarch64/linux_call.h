// SPDX-License-Identifier: BSD-2-Clause
// aarch64: where Linux finds a system call in the registers, and how it changes them. `Registers`
// is the host's structure with x[31], sp, pc, pstate, tls, read_only_tls. A thread in AArch32 state
// is a 32-bit arm program's. [Linux arch/arm64/kernel/syscall.c, arch/arm64/kernel/sys_compat.c]
#pragma once

#include "arch/arm/linux_registers.h"
#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr u64 linux_call_size = 4;  // of `svc #0`
inline constexpr char const* linux_machine = "aarch64";

// `svc`, whatever its immediate: Linux does not look at that. [Arm DDI 0487, C6.2.365]
constexpr bool is_call_instruction(u32 word) { return (word & 0xffe0'001f) == 0xd400'0001; }

// PSTATE.M[4]. Set when a program starts, and by nothing else.
inline constexpr u64 pstate_narrow = 0x10;

template <class Registers>
bool is_narrow(Registers const& registers) {
    return (registers.pstate & pstate_narrow) != 0;
}

template <class Registers>
u64 linux_call_number(Registers const& registers) {
    return registers.x[is_narrow(registers) ? arm::call_register : 8];
}

template <class Registers>
u64 linux_argument(Registers const& registers, u32 at) {
    return registers.x[at];
}

template <class Registers>
void set_linux_result(Registers& registers, i64 value) {
    u64 const result = static_cast<u64>(value);
    registers.x[0] = is_narrow(registers) ? static_cast<u32>(result) : result;
}

// Back to before the instruction that made the call. x0 still is its first argument.
template <class Registers>
void restart_linux_call(Registers& registers) {
    registers.pc -= is_narrow(registers) ? arm::call_size(registers.pstate) : linux_call_size;
}

// As a program starts. [Linux arch/arm64/include/asm/processor.h start_thread]
template <class Registers>
void start_linux_program(Registers& registers, u64 entry, u64 stack) {
    registers = {};
    registers.pc = entry;
    registers.sp = stack;
}

// The same for a 32-bit program. [compat_start_thread]
template <class Registers>
void start_narrow_linux_program(Registers& registers, u64 entry, u64 stack) {
    registers = {};
    registers.pstate = pstate_narrow;
    arm::branch(registers, entry);
    registers.x[arm::stack_register] = stack;
}

// The child of clone(): a copy of the parent that gets 0.
template <class Registers>
void become_clone(Registers& registers, u64 stack) {
    registers.x[0] = 0;
    if (stack == 0) return;
    if (is_narrow(registers))
        registers.x[arm::stack_register] = static_cast<u32>(stack);
    else
        registers.sp = stack;
}

template <class Registers>
void set_linux_tls(Registers& registers, u64 tls) {
    (is_narrow(registers) ? registers.read_only_tls : registers.tls) = tls;
}

// clone(flags, stack, parent_tid, tls, child_tid): CONFIG_CLONE_BACKWARDS
inline constexpr u32 clone_tls_argument = 3;
inline constexpr u32 clone_child_id_argument = 4;

}  // namespace vdsokit::arch
