// SPDX-License-Identifier: BSD-2-Clause
// Clocks that run from the CPU's counter, measured against the host's clocks and kept in step with
// them: slewed, never stepped, except where the host's own wall clock is.
#pragma once

#include "hosts/linux/kernel_reading.h"
#include "hosts/uexec/host_clock.h"
#include "hosts/uexec/publisher.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::uexec {

class CounterPublisher final : public Publisher {
public:
    // Takes a few ten milliseconds. nullptr: the counter is of no use, `why` says so.
    static std::unique_ptr<CounterPublisher> make(long long wall_offset, std::string& why);

    void attach(abi::TimePage& page) override { keeper_.attach(page); }
    int follow() override;
    void withdraw() override { keeper_.withdraw(); }
    std::string description() const override;

private:
    explicit CounterPublisher(long long wall_offset) : wall_offset_(wall_offset) {}
    bool measure(std::string& why);
    bool start(std::string& why);
    // How far the host's monotonic clock is ahead of ours.
    Sample<i64> lag() const;
    void follow_wall_clock();
    void follow_frequency(i64 now, i64 lag);

    long long wall_offset_;
    kit::Timekeeper keeper_;
    on_linux::KernelReading first_{};  // of the raw clock
    u64 frequency_ = 0;                // of the counter
    bool is_stated_ = false;           // by the CPU itself
    i64 next_measure_ = 0;             // on the monotonic clock
    i64 last_follow_ = 0;              // on the monotonic clock
    i64 wall_lead_ = 0;                // of the wall clock over the monotonic, as published
    i64 asleep_ = 0;                   // of the boot time clock, likewise
    int pause_ = 20;                   // milliseconds to the next follow()
};

}  // namespace vdsokit::uexec
