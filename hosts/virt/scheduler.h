// SPDX-License-Identifier: BSD-2-Clause
// Which thread runs. Runnable threads stand in a circle; the one whose turn it is runs until it is
// stopped or the tick passes the turn on.
#pragma once

#include "arch/types.h"
#include "hosts/virt/thread.h"

namespace vdsokit::virt {

class Scheduler {
public:
    void add(host::Thread& thread);
    void remove(host::Thread& thread);
    // The thread is about to be no more.
    void forget(host::Thread& thread);
    // The next one's turn begins.
    void pass_on();

    // The thread whose registers are in the CPU, or were at the last trap; nullptr: none.
    host::Thread* running() const { return running_; }
    // Does not return to its caller: to EL0 in the thread whose turn it is, or waits for one.
    [[noreturn]] void resume();

    u64 cycles_run(host::Thread const& thread) const;

private:
    void charge();

    host::Thread* turn_ = nullptr;
    host::Thread* running_ = nullptr;
    u64 charged_until_ = 0;  // the counter when cycles_run_ of running_ was last brought up to date
};

extern constinit Scheduler scheduler;

}  // namespace vdsokit::virt
