// SPDX-License-Identifier: BSD-2-Clause
// What an exception from EL0 means, by its syndrome. [Arm DDI 0487, D19.2.37 ESR_EL1]
#pragma once

#include "arch/types.h"
#include "hosts/personality/host_types.h"

namespace vdsokit::machine {

enum class UserEvent : u8 {
    system_call,
    fault,
    broken,  // cannot come from EL0 if the kernel is right
};

struct UserException {
    UserEvent event;
    host::FaultKind kind;  // of a fault
    bool address_is_far;   // where: FAR_EL1, else the instruction
};

constexpr u64 exception_class(u64 syndrome) { return (syndrome >> 26) & 0x3f; }

constexpr UserException decode_user_exception(u64 syndrome) {
    using host::FaultKind;
    constexpr u64 narrow_system_call = 0x11;  // from AArch32
    constexpr u64 system_call = 0x15;
    constexpr u64 instruction_abort = 0x20;
    constexpr u64 pc_alignment = 0x22;
    constexpr u64 data_abort = 0x24;
    constexpr u64 sp_alignment = 0x26;
    constexpr u64 narrow_breakpoint_instruction = 0x38;
    constexpr u64 breakpoint_instruction = 0x3c;
    constexpr u64 write_not_read = 1 << 6;
    constexpr u64 cache_maintenance = 1 << 8;
    // Fault status: bits 5:2 without the level.
    constexpr u64 translation = 1;
    constexpr u64 access_flag = 2;
    constexpr u64 permission = 3;
    constexpr u64 address_size = 0;
    constexpr u64 tlb_conflict = 0x30;

    u64 const status = syndrome & 0x3f;
    u64 const kind = status >> 2;
    bool const is_address = kind == translation || kind == permission || kind == address_size;
    switch (exception_class(syndrome)) {
    case narrow_system_call:
    case system_call: return {UserEvent::system_call, FaultKind::undefined, false};
    case instruction_abort:
    case data_abort: {
        // The access flag is always set, and no address is ever mapped twice.
        if (kind == access_flag || status == tlb_conflict)
            return {UserEvent::broken, FaultKind::undefined, false};
        if (!is_address) return {UserEvent::fault, FaultKind::alignment, true};
        if (exception_class(syndrome) == instruction_abort)
            return {UserEvent::fault, FaultKind::execute, true};
        // A cache instruction claims to write, and needs only what a read needs.
        bool const writes = (syndrome & write_not_read) != 0 && (syndrome & cache_maintenance) == 0;
        return {UserEvent::fault, writes ? FaultKind::write : FaultKind::read, true};
    }
    case pc_alignment:
    case sp_alignment: return {UserEvent::fault, FaultKind::alignment, false};
    case narrow_breakpoint_instruction:
    case breakpoint_instruction: return {UserEvent::fault, FaultKind::breakpoint, false};
    // Unknown instructions, trapped registers, extensions that are not enabled.
    default: return {UserEvent::fault, FaultKind::undefined, false};
    }
}

// FAR_EL1 of an EL0 access with the top byte, which does not count there, taken off.
constexpr u64 untagged(u64 address) {
    constexpr u64 top_byte = u64{0xff} << 56;
    bool const kernel_half = ((address >> 55) & 1) != 0;
    return kernel_half ? address | top_byte : address & ~top_byte;
}

}  // namespace vdsokit::machine
