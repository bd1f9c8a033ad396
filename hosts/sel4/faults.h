// SPDX-License-Identifier: BSD-2-Clause
// What a fault of a program's thread means.
#pragma once

#include "hosts/sel4/kernel.h"
#include "hosts/sel4/thread.h"

namespace vdsokit::sel4 {

// `brk #0x5e4` stands where a program had `svc #0`; `brk #0x5e5` ends code of the root task's.
inline constexpr u32 call_instruction = 0xd420'0000 | 0x5e4 << 5;

enum class ProgramEvent : u8 {
    call,      // call_instruction
    own_code,  // ran to its end
    syndrome,  // what the syndrome says
    stray,     // a system call instruction of the CPU's that nobody has rewritten
};

struct ProgramFault {
    ProgramEvent event;
    u64 syndrome;
    u64 address;
};

// From the message that has just arrived.
ProgramFault read_fault(seL4_MessageInfo_t info);
bool is_end_of_own_code(ProgramFault const& fault);
// The thread is halted.
void answer(host::Thread& thread, ProgramFault const& fault);

}  // namespace vdsokit::sel4
