// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/fault.h"

#include "linux_call.h"
#include "linux_narrow.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/report.h"
#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/process/delivery.h"

namespace vdsokit::personality {

namespace {

using namespace signal_number;

// [include/uapi/asm-generic/siginfo.h]
constexpr i32 not_mapped = 1, not_allowed = 2;  // SEGV_MAPERR, SEGV_ACCERR
constexpr i32 illegal_opcode = 1, breakpoint = 1, misaligned = 1, no_such_page = 2;

void send(Thread& thread, i32 number, i32 code, VirtualAddress at) {
    SignalInfo info;
    info.number = number;
    info.code = code;
    info.fault.address = at.value;
    force_signal(thread, info);
}

void answer_touch(Thread& thread, VirtualAddress at, Touch touch) {
    switch (thread.process().memory().touch(at, touch)) {
    case TouchResult::present: return;
    case TouchResult::not_mapped: send(thread, segv, not_mapped, at); return;
    case TouchResult::not_allowed: send(thread, segv, not_allowed, at); return;
    case TouchResult::past_end: send(thread, bus, no_such_page, at); return;
    case TouchResult::out_of_memory: thread.process().signal(kill); return;
    }
}

// That kit puts this instead of `svc #0`, in images and in programs, and so does an image that is
// stamped for it.
constexpr u32 rel4_trap = 0xdead'beef;

bool is_rel4_call(Thread& thread) {
    u32 instruction = 0;
    return vdso_is_rel4() && thread.process().memory().load(instruction, {thread.registers().pc}) &&
           instruction == rel4_trap;
}

// Its effect on the host would be anything; what it was meant for cannot be answered.
void end_stray(Thread& thread, VirtualAddress at) {
    Report report;
    report.text().add("process ").decimal(static_cast<u64>(thread.process().id()));
    report.text().add(": a system call instruction at 0x").hexadecimal(at.value);
    report.text().add(" that was not replaced; it is killed");
    report.show(host::Channel::failures);
    thread.process().signal(kill);
}

// A 32-bit program's: of those, these mean a breakpoint.
bool is_narrow_breakpoint(Thread& thread, VirtualAddress at) {
    using namespace arch::narrow;
    if (!arch::is_narrow(thread.registers())) return false;
    bool const is_thumb = (thread.registers().pstate & cpsr::thumb) != 0;
    constexpr u32 but_condition = 0x0fff'ffff;
    u32 instruction = 0;
    if (!thread.process().memory().copy_in(&instruction, at, is_thumb ? 2 : 4)) return false;
    return is_thumb ? instruction == thumb_break : (instruction & but_condition) == arm_break;
}

void answer_undefined(Thread& thread, VirtualAddress at) {
    if (is_narrow_breakpoint(thread, at)) return send(thread, trap, breakpoint, at);
    if (!is_rel4_call(thread)) return send(thread, ill, illegal_opcode, at);
    thread.registers().pc += sizeof(rel4_trap);
    start_call(thread);
}

}  // namespace

void answer_fault(Thread& thread, host::Fault fault) {
    switch (fault.kind) {
    case host::FaultKind::read: answer_touch(thread, fault.address, Touch::read); return;
    case host::FaultKind::write: answer_touch(thread, fault.address, Touch::write); return;
    case host::FaultKind::execute: answer_touch(thread, fault.address, Touch::execute); return;
    case host::FaultKind::undefined: answer_undefined(thread, fault.address); return;
    case host::FaultKind::breakpoint: send(thread, trap, breakpoint, fault.address); return;
    case host::FaultKind::alignment: send(thread, bus, misaligned, fault.address); return;
    case host::FaultKind::stray_call: end_stray(thread, fault.address); return;
    }
}

}  // namespace vdsokit::personality
