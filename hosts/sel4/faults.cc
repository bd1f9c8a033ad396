// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/faults.h"

#include "hosts/machine/syndrome.h"
#include "hosts/personality/personality.h"
#include "hosts/sel4/panic.h"

namespace vdsokit::sel4 {
namespace {

// ESR_EL1 of a breakpoint instruction: class 0x3c, 32-bit instruction, its immediate.
constexpr u64 syndrome_of_breakpoint(u64 immediate) { return u64{0xf200'0000} | immediate; }
constexpr u64 call_syndrome = syndrome_of_breakpoint(0x5e4);
constexpr u64 own_code_syndrome = syndrome_of_breakpoint(0x5e5);

constexpr u64 class_shift = 26;
constexpr u64 instruction_abort = 0x20;
constexpr u64 data_abort = 0x24;
constexpr u64 status_bits = 0x3ff'ffff;

}  // namespace

ProgramFault read_fault(seL4_MessageInfo_t info) {
    switch (seL4_MessageInfo_get_label(info)) {
    case seL4_Fault_UserException: {
        u64 const syndrome = seL4_GetMR(seL4_UserException_Number) & 0xffff'ffff;
        if (syndrome == call_syndrome) return {ProgramEvent::call, syndrome, 0};
        if (syndrome == own_code_syndrome) return {ProgramEvent::own_code, syndrome, 0};
        return {ProgramEvent::syndrome, syndrome, 0};
    }
    case seL4_Fault_VMFault: {
        u64 const kind =
            seL4_GetMR(seL4_VMFault_PrefetchFault) != 0 ? instruction_abort : data_abort;
        u64 const status = seL4_GetMR(seL4_VMFault_FSR) & status_bits;
        return {ProgramEvent::syndrome, kind << class_shift | status,
                seL4_GetMR(seL4_VMFault_Addr)};
    }
    case seL4_Fault_UnknownSyscall:
    case seL4_Fault_CapFault:
    default: return {ProgramEvent::stray, 0, 0};
    }
}

bool is_end_of_own_code(ProgramFault const& fault) { return fault.event == ProgramEvent::own_code; }

void answer(host::Thread& thread, ProgramFault const& fault) {
    u64 const pc = thread.registers().pc;
    switch (fault.event) {
    case ProgramEvent::call:
        thread.registers().pc = pc + sizeof(call_instruction);
        personality::on_system_call(thread);
        return;
    case ProgramEvent::own_code:
        personality::on_fault(thread, {host::FaultKind::breakpoint, {pc}});
        return;
    case ProgramEvent::stray:
        personality::on_fault(thread, {host::FaultKind::stray_call, {pc}});
        return;
    case ProgramEvent::syndrome: break;
    }
    machine::UserException const exception = machine::decode_user_exception(fault.syndrome);
    switch (exception.event) {
    case machine::UserEvent::system_call:
        personality::on_fault(thread, {host::FaultKind::stray_call, {pc}});
        return;
    case machine::UserEvent::fault: {
        u64 const address = exception.address_is_far ? machine::untagged(fault.address) : pc;
        personality::on_fault(thread, {exception.kind, {address}});
        return;
    }
    case machine::UserEvent::broken: panic("an impossible fault of a program");
    }
}

}  // namespace vdsokit::sel4
