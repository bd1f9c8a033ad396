// SPDX-License-Identifier: BSD-2-Clause
// Keeps the time pages of images from the CPU's counter, and writes it as often as it is told: all
// lines each time, which is the most that a host ever does to its readers.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "kit/time/timekeeper.h"

namespace vdsokit::bench {

// The counter's frequency in Hz: what the CPU says, else measured against the kernel's raw clock.
u64 counter_frequency();

class Publisher {
public:
    // The pages outlive this object. Throws Failure: the kit refuses the counter.
    Publisher(std::vector<abi::TimePage*> const& pages, u64 frequency);

    // Begins to write so often on a thread of its own, 0: never. `owed` is the part of a second
    // that passed since the last write when the same rate was stopped; stop() returns it.
    void start(u32 writes_per_second, double owed);
    double stop();
    // Since the last start().
    u64 writes() const { return writes_; }

private:
    void run(u32 writes_per_second, double owed);

    std::vector<kit::Timekeeper> timekeepers_;  // one a page
    std::thread thread_;
    std::atomic<bool> is_stopping_ = false;
    u64 writes_ = 0;
    double owed_ = 0;
};

}  // namespace vdsokit::bench
