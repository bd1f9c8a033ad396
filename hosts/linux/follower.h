// SPDX-License-Identifier: BSD-2-Clause
// A line of the time page that runs from the counter and follows one of the kernel's clocks: its
// rate is the measured one, what it is off is slewed away, and nothing ever steps.
#pragma once

#include <array>
#include <optional>

#include "hosts/linux/kernel_reading.h"
#include "kit/time/steered_line.h"

namespace vdsokit::on_linux {

class Follower {
public:
    explicit Follower(clockid_t clock) : clock_(clock) {}

    // Reads the kernel's clock. What it is ahead of our line, in ns; 0 while there is none.
    i64 look();
    // There are two readings far enough apart to tell the counter's frequency.
    bool is_ready() const;

    // The rest with the lines locked, so that no reader is ahead of them.
    // The line begins where a chained one is, or less than a reading's uncertainty ahead.
    // Precondition: is_ready().
    void begin();
    // After look(): the rate as it was measured, and `behind` slewed.
    void steer(i64 behind);
    // The line ends; chained_offset() goes on from where it was.
    void end();
    // What a page says that a dead publisher has left: the same for its line.
    void end_of(abi::LineValues const& line);
    // No difference from the kernel any more: a step.
    void forget() { offset_ = {}; }

    abi::LineValues const& line() const { return line_.line(); }
    // What a chained line adds to the kernel's clock.
    abi::Instant chained_offset() const { return offset_; }

private:
    kit::Scale scale() const;
    void set_offset_from(abi::LineValues const& line);

    clockid_t clock_;
    std::array<KernelReading, 5> readings_{};  // ascending; the last `count_` are valid
    std::size_t count_ = 0;
    kit::SteeredLine line_;
    abi::Instant offset_{};
    bool has_line_ = false;
};

}  // namespace vdsokit::on_linux
