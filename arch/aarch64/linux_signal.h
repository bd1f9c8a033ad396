// SPDX-License-Identifier: BSD-2-Clause
// aarch64: the frame that Linux puts on the stack for a signal handler, and its way back.
// [Linux arch/arm64/kernel/signal.c; arch/arm64/include/uapi/asm/sigcontext.h, ucontext.h]
#pragma once

#include "arch/aarch64/linux_call.h"
#include "arch/types.h"

namespace vdsokit::arch {

// A record in SignalContext::reserved; the last one has magic and size 0.
struct ContextHead {
    u32 magic;
    u32 size;
};

struct FpsimdContext {
    ContextHead head;
    u32 fpsr;
    u32 fpcr;
    u8 vector[32 * 16];
};
inline constexpr u32 fpsimd_magic = 0x4650'8001;
inline constexpr u32 esr_magic = 0x4553'5201;  // written for faults; without effect on the way back
static_assert(sizeof(FpsimdContext) == 528);

struct SignalContext {
    u64 fault_address;
    u64 x[31];
    u64 sp;
    u64 pc;
    u64 pstate;
    u64 padding;
    alignas(16) u8 reserved[4096];
};
static_assert(offsetof(SignalContext, sp) == 256 && offsetof(SignalContext, reserved) == 288);

struct UserStack {
    u64 base;
    i32 flags;
    u32 padding;
    u64 size;
};

struct UserContext {
    u64 flags;
    u64 link;
    UserStack stack;
    u64 mask;
    u8 unused[120];
    alignas(16) SignalContext machine;
};
static_assert(offsetof(UserContext, mask) == 40 && offsetof(UserContext, machine) == 176);

struct SignalFrame {
    u8 info[128];
    UserContext context;
};
static_assert(sizeof(SignalFrame) == 4688 && sizeof(SignalFrame) % 16 == 0);

// What a handler may give back of PSTATE: the condition flags and BTYPE. Mode bits other than EL0's
// say that the frame is forged, as in Linux's valid_user_regs().
inline constexpr u64 pstate_of_program = 0xf000'0c00;
inline constexpr u64 pstate_mode = 0x1f;

// The pair that a debugger follows from x29; it lies above the frame.
struct FrameRecord {
    u64 next;
    u64 return_address;
};

struct SignalPlaces {
    u64 record;
    u64 frame;
};

// Where both go below `top`. False: `top` is too low for them.
constexpr bool place_signal_frame(u64 top, SignalPlaces& places) {
    if (top < sizeof(SignalFrame) + sizeof(FrameRecord) + 16) return false;
    places.record = (top & ~u64{15}) - sizeof(FrameRecord);
    places.frame = places.record - sizeof(SignalFrame);
    return true;
}

// Fills everything but info, stack and mask. `frame` is zero.
template <class Registers>
void save_context(SignalFrame& frame, Registers const& registers, u64 fault_address) {
    SignalContext& machine = frame.context.machine;
    machine.fault_address = fault_address;
    for (u32 i = 0; i < 31; ++i) machine.x[i] = registers.x[i];
    machine.sp = registers.sp;
    machine.pc = registers.pc;
    machine.pstate = registers.pstate;
    FpsimdContext vectors{
        {fpsimd_magic, sizeof(FpsimdContext)}, registers.fpsr, registers.fpcr, {}};
    __builtin_memcpy(vectors.vector, registers.vector, sizeof(vectors.vector));
    __builtin_memcpy(machine.reserved, &vectors, sizeof(vectors));
}

// False: no kernel wrote this frame, and `registers` are as they were.
template <class Registers>
bool restore_context(SignalFrame const& frame, Registers& registers) {
    SignalContext const& machine = frame.context.machine;
    if ((machine.pstate & pstate_mode) != 0) return false;
    FpsimdContext vectors;
    bool has_vectors = false;
    u64 at = 0;
    for (;;) {
        ContextHead head;
        if (at > sizeof(machine.reserved) - sizeof(head)) return false;
        __builtin_memcpy(&head, machine.reserved + at, sizeof(head));
        if (head.magic == 0 && head.size == 0) break;
        if (head.size < 16 || head.size % 16 != 0) return false;
        if (head.size > sizeof(machine.reserved) - at) return false;
        if (head.magic == fpsimd_magic) {
            if (has_vectors || head.size != sizeof(vectors)) return false;
            __builtin_memcpy(&vectors, machine.reserved + at, sizeof(vectors));
            has_vectors = true;
        } else if (head.magic != esr_magic) {
            return false;
        }
        at += head.size;
    }
    if (!has_vectors) return false;
    for (u32 i = 0; i < 31; ++i) registers.x[i] = machine.x[i];
    registers.sp = machine.sp;
    registers.pc = machine.pc;
    registers.pstate = machine.pstate & pstate_of_program;
    registers.fpsr = vectors.fpsr;
    registers.fpcr = vectors.fpcr;
    __builtin_memcpy(registers.vector, vectors.vector, sizeof(vectors.vector));
    return true;
}

// The frame lies at the stack pointer, as the handler was given it.
template <class Registers>
u64 signal_stack_pointer(Registers const& registers) {
    return is_narrow(registers) ? registers.x[arm::stack_register] : registers.sp;
}

struct HandlerEntry {
    u64 handler;
    u64 return_to;
    i32 signal;
    bool wants_info;
};

template <class Registers>
void enter_handler(Registers& registers, SignalPlaces const& places, HandlerEntry const& entry) {
    registers.x[0] = static_cast<u64>(entry.signal);
    if (entry.wants_info) {
        registers.x[1] = places.frame + offsetof(SignalFrame, info);
        registers.x[2] = places.frame + offsetof(SignalFrame, context);
    }
    registers.x[29] = places.record;
    registers.x[30] = entry.return_to;
    registers.sp = places.frame;
    registers.pc = entry.handler;
    registers.pstate = 0;
}

template <class Registers>
FrameRecord interrupted_record(Registers const& registers) {
    return {registers.x[29], registers.x[30]};
}

// sigaltstack refuses less. [Linux arch/arm64/include/uapi/asm/signal.h: MINSIGSTKSZ]
template <class Registers>
u64 smallest_signal_stack(Registers const& registers) {
    return is_narrow(registers) ? arm::smallest_signal_stack : 5120;
}

}  // namespace vdsokit::arch
