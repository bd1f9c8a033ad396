// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/scheduler.h"

#include "cpu.h"

#include "hosts/virt/cpu/trap.h"
#include "hosts/virt/interrupts.h"

namespace vdsokit::virt {

using host::Thread;

namespace {
Cycles counter() { return arch::read_counter(CounterKind::virtual_count); }
}  // namespace

constinit Scheduler scheduler;

void Scheduler::resume() {
    if (queue_.turn() == nullptr) {
        queue_.set_running(nullptr, counter());
        while (queue_.turn() == nullptr) wait_and_handle_interrupts();
    }
    auto& next = static_cast<Thread&>(*queue_.turn());
    if (queue_.running() != &next) queue_.set_running(&next, counter());
    next.space_->enter();
    return_to_user(next.registers_);
}

}  // namespace vdsokit::virt

namespace vdsokit::host {

bool Thread::create(AddressSpace& space) {
    space_ = &space;
    return true;
}

void Thread::destroy() { virt::scheduler.queue().forget(*this); }
void Thread::use(AddressSpace& space) { space_ = &space; }
void Thread::run() { virt::scheduler.queue().add(*this); }
void Thread::stop() { virt::scheduler.queue().remove(*this); }

u64 Thread::cpu_time() const {
    u64 const cycles = virt::scheduler.queue().cycles_run(*this, virt::counter());
    return machine::nanoseconds_of(cycles, arch::counter_frequency());
}

}  // namespace vdsokit::host
