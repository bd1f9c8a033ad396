// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/scheduler.h"

#include "cpu.h"

#include "hosts/personality/personality.h"
#include "hosts/sel4/devices.h"
#include "hosts/sel4/faults.h"
#include "hosts/sel4/objects/threads.h"
#include "hosts/sel4/panic.h"
#include "hosts/sel4/thread.h"
#include "hosts/sel4/timer.h"

namespace vdsokit::sel4 {

constinit Scheduler scheduler;

void Scheduler::run() {
    for (;;) {
        handle_events();
        check_time();
        auto* const next = static_cast<host::Thread*>(queue_.turn());
        queue_.set_running(next, arch::read_counter(user_counter));
        if (next == nullptr) {
            idle();
            continue;
        }
        next->resume();
        Arrival const arrival = wait();
        events_ |= arrival.events;
        ProgramFault fault{};
        if (arrival.is_fault) fault = read_fault(arrival.fault);
        next->halt();
        if (arrival.is_fault) answer(*next, fault);
    }
}

void Scheduler::handle_events() {
    u64 const events = events_;
    events_ = 0;
    if ((events & bit_of(Event::timer)) != 0) on_timer_interrupt();
    if ((events & bit_of(Event::console)) != 0) on_console_interrupt();
}

// With a timer of our own the CPU sleeps; without one the root task looks again and again.
void Scheduler::idle() {
    if constexpr (has_user_timer) {
        stop_helper();
        arm_timer();
        events_ |= wait().events;
        resume_helper();
    } else {
        events_ |= poll().events;
    }
}

void Scheduler::wait_for_own_code() {
    for (;;) {
        Arrival const arrival = wait();
        events_ |= arrival.events;
        if (!arrival.is_fault) continue;
        if (!is_end_of_own_code(read_fault(arrival.fault))) panic("own code in a program's thread");
        return;
    }
}

}  // namespace vdsokit::sel4
