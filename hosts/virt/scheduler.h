// SPDX-License-Identifier: BSD-2-Clause
// Which thread runs: the queue's turn, carried out on the CPU.
#pragma once

#include "hosts/virt/thread.h"

namespace vdsokit::virt {

class Scheduler {
public:
    machine::RunQueue& queue() { return queue_; }
    // The thread whose registers are in the CPU, or were at the last trap; nullptr: none.
    host::Thread* running() const { return static_cast<host::Thread*>(queue_.running()); }
    // Does not return to its caller: to EL0 in the thread whose turn it is, or waits for one.
    [[noreturn]] void resume();

private:
    machine::RunQueue queue_;
};

extern constinit Scheduler scheduler;

}  // namespace vdsokit::virt
