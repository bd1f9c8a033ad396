// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/scheduler.h"

#include "cpu.h"

#include "hosts/virt/cpu/trap.h"
#include "hosts/virt/interrupts.h"

namespace vdsokit::virt {

using host::Thread;

constinit Scheduler scheduler;

void Scheduler::add(Thread& thread) {
    if (thread.next_ != nullptr) return;
    if (turn_ == nullptr) {
        turn_ = thread.next_ = thread.previous_ = &thread;
        return;
    }
    // Before the one whose turn it is: after all others.
    thread.next_ = turn_;
    thread.previous_ = turn_->previous_;
    thread.previous_->next_ = &thread;
    turn_->previous_ = &thread;
}

void Scheduler::remove(Thread& thread) {
    if (thread.next_ == nullptr) return;
    if (turn_ == &thread) turn_ = thread.next_ == &thread ? nullptr : thread.next_;
    thread.previous_->next_ = thread.next_;
    thread.next_->previous_ = thread.previous_;
    thread.next_ = thread.previous_ = nullptr;
}

void Scheduler::forget(Thread& thread) {
    remove(thread);
    if (running_ == &thread) running_ = nullptr;
}

void Scheduler::pass_on() {
    if (turn_ != nullptr) turn_ = turn_->next_;
}

// What the kernel does counts for the thread that ran last, until another one runs.
void Scheduler::charge() {
    u64 const now = arch::read_counter(CounterKind::virtual_count).value;
    if (running_ != nullptr) running_->cycles_run_ += now - charged_until_;
    charged_until_ = now;
}

u64 Scheduler::cycles_run(Thread const& thread) const {
    if (running_ != &thread) return thread.cycles_run_;
    u64 const now = arch::read_counter(CounterKind::virtual_count).value;
    return thread.cycles_run_ + (now - charged_until_);
}

void Scheduler::resume() {
    if (turn_ == nullptr) {
        charge();
        running_ = nullptr;
        while (turn_ == nullptr) wait_and_handle_interrupts();
    }
    Thread& next = *turn_;
    if (running_ != &next) {
        charge();
        running_ = &next;
    }
    next.space_->enter();
    return_to_user(next.registers_);
}

}  // namespace vdsokit::virt

namespace vdsokit::host {

bool Thread::create(AddressSpace& space) {
    space_ = &space;
    return true;
}

void Thread::destroy() { virt::scheduler.forget(*this); }
void Thread::use(AddressSpace& space) { space_ = &space; }
void Thread::run() { virt::scheduler.add(*this); }
void Thread::stop() { virt::scheduler.remove(*this); }

u64 Thread::cpu_time() const {
    constexpr u64 second = 1'000'000'000;
    u64 const cycles = virt::scheduler.cycles_run(*this);
    u64 const frequency = arch::counter_frequency();
    return cycles / frequency * second + cycles % frequency * second / frequency;
}

}  // namespace vdsokit::host
