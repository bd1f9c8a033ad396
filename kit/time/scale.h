// SPDX-License-Identifier: BSD-2-Clause
// From a counter's frequency to the numbers by which readers turn cycles into time
// (abi/conversion.h). Computed once per clocksource; rates once per change of rate.
#pragma once

#include "abi/time_page.h"
#include "arch/types.h"
#include "kit/core/result.h"
#include "kit/time/time_error.h"
#include "kit/time/units.h"

namespace vdsokit::kit {

struct Clocksource {
    u64 frequency;     // Hz
    u32 counter_bits;  // the counter wraps at 2^counter_bits
    CounterKind kind = CounterKind::virtual_count;
};

// Linux's limit on the correction of a frequency, and the speed at which an offset is slewed.
inline constexpr i32 rate_limit_ppb = 500'000;

// 10^9 * frequency must fit a word; 18 GHz does.
inline constexpr u64 highest_frequency = 18'000'000'000;

// A counter that wraps sooner cannot be kept by a host that looks at it once a second.
inline constexpr u32 shortest_wrap_seconds = 2;

struct Scale {
    u64 frequency;
    u64 mult;   // of the unadjusted clock
    u32 shift;  // 0..63

    // Errors: frequency_out_of_range, counter_bits_out_of_range, counter_wraps_too_soon.
    static Result<Scale, TimeError> of(Clocksource const& source);

    // 2^96 / (frequency << shift) * (1 + by / 10^9), rounded down; in `low` 64 bits after the
    // point. `high` is what a page's mult can hold: the shift leaves room for twice rate_limit_ppb.
    Wide rate(PartsPerBillion by) const;

    // Cycles as abi::instant_at() scales them: bits above the counter's width are gone.
    u64 scaled(Cycles elapsed) const { return elapsed.value << shift; }
    u64 scaled_second() const { return frequency << shift; }
};

constexpr abi::ClockMode mode_of(CounterKind kind) {
    switch (kind) {
    case CounterKind::virtual_count: return abi::ClockMode::counter;
    case CounterKind::physical_count: return abi::ClockMode::physical_counter;
    }
    return abi::ClockMode::none;  // not a CounterKind: the clock makes the system call
}

}  // namespace vdsokit::kit
