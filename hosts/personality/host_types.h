// SPDX-License-Identifier: BSD-2-Clause
// Types of the seam that do not differ between hosts. A host's host.h includes this.
#pragma once

#include "arch/types.h"
#include "kit/core/memory.h"
#include "kit/core/result.h"

namespace vdsokit::host {

// Where output goes. The host frames it so that the launcher outside can tell them apart.
enum class Channel : u8 {
    output,
    errors,
    messages,  // shown with --verbose only
    failures,  // always shown: why a program could not be started
};

// The integer and vector state of a thread at EL0. [Arm DDI 0487, C5.2; Linux
// arch/arm64/include/uapi/asm/ptrace.h user_pt_regs, user_fpsimd_state] In AArch32 state, which
// pstate says, r0 to r14 are the low halves of x[0] to x[14], and the high ones are 0.
struct Registers {
    u64 x[31];
    u64 sp;
    u64 pc;
    u64 pstate;         // of it a process may set what linux_signal.h says
    u64 tls;            // TPIDR_EL0
    u64 read_only_tls;  // TPIDRRO_EL0: where 32-bit programs have it
    u32 fpsr;
    u32 fpcr;
    alignas(16) u8 vector[32 * 16];
};

enum class FaultKind : u8 {
    read,  // address is what was accessed
    write,
    execute,
    undefined,   // an instruction that does not exist or is privileged: SIGILL
    breakpoint,  // brk: SIGTRAP
    alignment,   // SIGBUS
    stray_call,  // a system call instruction that should have been replaced: the end of the process
};

struct Fault {
    FaultKind kind;
    kit::VirtualAddress address;  // the data or instruction address
};

// Bits of Linux's AT_HWCAP and AT_HWCAP2. [arch/arm64/include/uapi/asm/hwcap.h] Nothing that a
// process cannot really use: no CPUID where it cannot read the identification registers.
struct CpuFeatures {
    u64 hwcap;
    u64 hwcap2;
    // Whether threads can run 32-bit programs, and what those may use: Linux's bits for arm. A host
    // that cannot says nothing, and exec refuses such programs.
    bool runs_narrow = false;
    u64 narrow_hwcap = 0;
    u64 narrow_hwcap2 = 0;
};

struct FrameCount {
    u64 total;
    u64 free;
};

}  // namespace vdsokit::host
