// SPDX-License-Identifier: BSD-2-Clause
// 32-bit arm: the frame that Linux puts on the stack for a signal handler, and its way back.
// `Registers` as in linux_registers.h, with the vector registers of a 64-bit host: d0 to d31 lie
// two in each of the first sixteen. [Linux arch/arm64/kernel/signal32.c;
// arch/arm/include/asm/ucontext.h, uapi/asm/sigcontext.h]
#pragma once

#include "arch/arm/linux_registers.h"

namespace vdsokit::arch::arm {

struct SignalContext {
    u32 trap_number;
    u32 error_code;
    u32 old_mask;
    u32 r[16];
    u32 cpsr;
    u32 fault_address;
};
static_assert(sizeof(SignalContext) == 84);

struct UserStack {
    u32 base;
    i32 flags;
    u32 size;
};

struct alignas(8) VectorContext {
    u32 magic;
    u32 size;
    u64 d[32];
    u32 fpscr;
    u32 padding;
    u32 exceptions[3];
    u32 padding2;
};
inline constexpr u32 vector_magic = 0x5646'5001;
static_assert(sizeof(VectorContext) == 288);

struct UserContext {
    u32 flags;
    u32 link;
    UserStack stack;
    SignalContext machine;
    u32 mask[2];
    u32 unused[30];
    alignas(8) VectorContext vectors;
    u32 end_and_spare[56];  // zero: no more records
};
static_assert(offsetof(UserContext, machine) == 20 && offsetof(UserContext, mask) == 104);
static_assert(offsetof(UserContext, vectors) == 232 && sizeof(UserContext) == 744);

// For a handler that gets a number alone; and for one that gets a siginfo.
struct SignalFrame {
    UserContext context;
    u32 return_code[2];
};
struct InfoFrame {
    u8 info[128];
    SignalFrame signal;
};
static_assert(sizeof(SignalFrame) == 752 && sizeof(InfoFrame) == 880);

// What the flags say in the frame of a handler without siginfo, which no trap number is.
inline constexpr u32 plain_frame_flags = 0x5ac3'c35a;

// Where a frame of `size` bytes goes below `top`. False: `top` is too low for it.
constexpr bool place_signal_frame(u64 top, u64 size, u64& place) {
    if (top < size + 8) return false;
    place = (top - size) & ~u64{7};
    return true;
}

// Fills everything but stack and mask. `context` is zero.
template <class Registers>
void save_context(UserContext& context, Registers const& registers, u64 fault_address) {
    SignalContext& machine = context.machine;
    for (u32 at = 0; at < 15; ++at) machine.r[at] = static_cast<u32>(registers.x[at]);
    machine.r[15] = static_cast<u32>(registers.pc);
    machine.cpsr = static_cast<u32>(registers.pstate);
    machine.fault_address = static_cast<u32>(fault_address);
    VectorContext& vectors = context.vectors;
    vectors.magic = vector_magic;
    vectors.size = sizeof(VectorContext);
    __builtin_memcpy(vectors.d, registers.vector, sizeof(vectors.d));
    vectors.exceptions[0] = u32{1} << 30;  // FPEXC.EN
    // FPSCR is the host's FPSR and FPCR in one: flags and exceptions, modes.
    vectors.fpscr = registers.fpsr | registers.fpcr;
}

// False: no kernel wrote this, and `registers` are as they were.
template <class Registers>
bool restore_context(UserContext const& context, Registers& registers) {
    constexpr u32 fpsr_bits = 0xf800'009f;
    constexpr u32 fpcr_bits = 0x07f7'9f00;
    SignalContext const& machine = context.machine;
    VectorContext const& vectors = context.vectors;
    if ((machine.cpsr & cpsr::mode) != cpsr::user_mode || (machine.cpsr & cpsr::masks) != 0)
        return false;
    if (vectors.magic != vector_magic || vectors.size != sizeof(VectorContext)) return false;
    for (u32 at = 0; at < 15; ++at) registers.x[at] = machine.r[at];
    registers.pc = machine.r[15];
    registers.pstate = (machine.cpsr & cpsr::of_program) | cpsr::user_mode;
    __builtin_memcpy(registers.vector, vectors.d, sizeof(vectors.d));
    registers.fpsr = vectors.fpscr & fpsr_bits;
    registers.fpcr = vectors.fpscr & fpcr_bits;
    return true;
}

struct HandlerEntry {
    u64 frame;
    u64 handler;
    u64 return_to;
    i32 signal;
    bool wants_info;
};

template <class Registers>
void enter_handler(Registers& registers, HandlerEntry const& entry) {
    registers.x[0] = static_cast<u64>(entry.signal);
    if (entry.wants_info) {
        registers.x[1] = entry.frame + offsetof(InfoFrame, info);
        registers.x[2] = entry.frame + offsetof(InfoFrame, signal);
    }
    registers.x[stack_register] = entry.frame;
    registers.x[link_register] = entry.return_to;
    registers.pstate &= ~cpsr::not_in_handler;
    branch(registers, entry.handler);
}

}  // namespace vdsokit::arch::arm
