// SPDX-License-Identifier: BSD-2-Clause
// What one time page says of the kernel's clocks. Chained: each clock is what the kernel's own vDSO
// says, plus an offset. From the counter: each runs from a line that follows the kernel's clock.
#pragma once

#include "abi/time_page.h"
#include "hosts/linux/follower.h"
#include "kit/time/time_page_writer.h"
#include "kit/time/units.h"

namespace vdsokit::on_linux {

// How far a wall clock is from the kernel's. nanoseconds < 10^9, so -0.5 s is {-1, 500'000'000}.
using WallOffset = kit::Timespec;

// The page of processes that ask the kernel's vDSO.
class ChainedPage {
public:
    // Whatever the page held is gone.
    void attach(abi::TimePage& page);
    // At once: a reader sees the old offset or the new one.
    void publish(WallOffset offset);

private:
    kit::TimePageWriter writer_;
};

// The page of processes that read the counter. It begins chained, runs from the counter as soon as
// that is measured, and is chained again when it cannot be relied on.
class CounterPage {
public:
    void attach(abi::TimePage& page, WallOffset offset);
    // In a process that was forked off before another began to publish, and that one has died: what
    // it has left is chained, from where its clocks were.
    void recover(WallOffset offset);
    void set_offset(WallOffset offset);

    // Called every period(), more or less. False: the counter and the kernel's clock have parted,
    // and the page is chained for good.
    bool follow();
    // Chained for good.
    void withdraw();
    // Milliseconds from one follow() to the next.
    int period() const { return runs_ ? 250 : 50; }

private:
    void publish();
    kit::LineContent line_of(abi::ClockId clock) const;

    kit::TimePageWriter writer_;
    abi::TimePage* page_ = nullptr;
    Follower monotonic_{CLOCK_MONOTONIC};
    Follower raw_{CLOCK_MONOTONIC_RAW};
    i64 to_realtime_ = 0;  // ns ahead of monotonic
    i64 to_boottime_ = 0;
    i32 tai_ = 0;
    WallOffset offset_{};
    bool runs_ = false;  // from the counter
};

}  // namespace vdsokit::on_linux
