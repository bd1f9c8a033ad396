// SPDX-License-Identifier: BSD-2-Clause
// The event loop: lets the thread whose turn it is run until something arrives, stops it, answers.
#pragma once

#include "hosts/machine/run_queue.h"
#include "hosts/sel4/objects/arrivals.h"

namespace vdsokit::sel4 {

class Scheduler {
public:
    machine::RunQueue& queue() { return queue_; }
    [[noreturn]] void run();
    // A thread runs code of the root task's: returns when that has ended.
    void wait_for_own_code();

private:
    void handle_events();
    void idle();

    machine::RunQueue queue_;
    u64 events_ = 0;  // arrived and not yet handled
};

extern constinit Scheduler scheduler;

}  // namespace vdsokit::sel4
