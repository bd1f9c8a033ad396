// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/cpu/trap.h"

#include "el1.h"
#include "linux_call.h"

#include "hosts/machine/syndrome.h"
#include "hosts/personality/personality.h"
#include "hosts/virt/interrupts.h"
#include "hosts/virt/panic.h"
#include "hosts/virt/scheduler.h"

namespace vdsokit::virt {

using host::Registers;
using machine::UserEvent;
using machine::UserException;

// As vectors.S says.
static_assert(offsetof(Registers, sp) == 248 && offsetof(Registers, pc) == 256 &&
              offsetof(Registers, pstate) == 264 && offsetof(Registers, tls) == 272 &&
              offsetof(Registers, read_only_tls) == 280 && offsetof(Registers, fpsr) == 288 &&
              offsetof(Registers, fpcr) == 292 && offsetof(Registers, vector) == 304 &&
              sizeof(Registers) == 816);

extern "C" {
[[noreturn]] void restore_user(Registers& registers);
[[noreturn]] void on_user_exception();
[[noreturn]] void on_user_interrupt();
[[noreturn]] void on_kernel_exception(u64 vector, Registers const& registers);
}

void return_to_user(Registers& registers) {
    // Condition flags, BTYPE, SSBS, DIT. The rest says EL0, AArch64, interrupts on.
    constexpr u64 wide = u64{0xf} << 28 | u64{3} << 10 | u64{1} << 12 | u64{1} << 24;
    // NZCVQ, IT, GE, T, and that it is AArch32; little-endian, interrupts on.
    constexpr u64 narrow = u64{0x1f} << 27 | u64{3} << 25 | u64{0xf} << 16 | u64{0x3f} << 10 |
                           u64{1} << 5 | u64{1} << 4;
    registers.pstate &= arch::is_narrow(registers) ? narrow : wide;
    restore_user(registers);
}

void limit_user() {
    constexpr u64 counters = 1 << 0 | 1 << 1;  // EL0PCTEN, EL0VCTEN; no timer register
    constexpr u64 no_debug_channel = 1 << 12;  // TDCC
    constexpr u64 float_and_vector = 3 << 20;  // not SVE, not SME
    write_counter_access(counters);
    write_debug_control(no_debug_channel);
    write_float_access(float_and_vector);
    u64 const monitors = (read_debug_features() >> 8) & 0xf;
    if (monitors != 0 && monitors != 0xf) write_performance_access(0);
    if (((read_processor_features() >> 44) & 0xf) != 0) write_activity_access(0);
}

extern "C" void on_user_exception() {
    host::Thread* const thread = scheduler.running();
    if (thread == nullptr) panic("an exception from EL0 while no thread runs");
    u64 const syndrome = read_exception_syndrome();
    UserException const exception = machine::decode_user_exception(syndrome);
    switch (exception.event) {
    case UserEvent::system_call: personality::on_system_call(*thread); break;
    case UserEvent::fault: {
        u64 const address = exception.address_is_far ? machine::untagged(read_fault_address())
                                                     : thread->registers().pc;
        personality::on_fault(*thread, {exception.kind, {address}});
        break;
    }
    case UserEvent::broken:
        panic_with_registers("an impossible exception from EL0", thread->registers());
    }
    scheduler.resume();
}

extern "C" void on_user_interrupt() {
    handle_interrupts();
    scheduler.resume();
}

extern "C" void on_kernel_exception(u64 vector, Registers const& registers) {
    constexpr u64 from_user = 8;
    panic_with_registers(
        vector < from_user ? "an exception in the kernel" : "an exception that has no handler",
        registers);
}

}  // namespace vdsokit::virt
