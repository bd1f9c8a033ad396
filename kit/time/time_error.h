// SPDX-License-Identifier: BSD-2-Clause
// Why the Timekeeper refused something. A refusal changes nothing. One set for all its verbs, as
// vdsokit.h hands the same numbers to C; each verb's declaration names those it can give.
#pragma once

#include "arch/types.h"

namespace vdsokit::kit {

enum class TimeError : u8 {
    not_started,                // there is no time yet
    already_started,            // a second start could make clocks go back
    frequency_out_of_range,     // 0 Hz, or above highest_frequency
    counter_bits_out_of_range,  // 0, or above 64
    counter_wraps_too_soon,     // in less than shortest_wrap_seconds
    no_such_counter,            // this CPU has no counter of that kind
    nanoseconds_out_of_range,   // not below 10^9
    time_out_of_range,          // before 1970, or past what Linux can represent
    before_system_start,        // realtime would be less than the time since start
    tick_out_of_range,          // a tick longer than a second
    rate_out_of_range,          // beyond rate_limit_ppb
    offset_out_of_range,        // beyond offset_limit_seconds
    tai_offset_out_of_range,    // negative, or beyond tai_offset_limit
    timezone_out_of_range,      // more than 15 hours from Greenwich
    unknown_clock,              // not one that the Timekeeper keeps
};

}  // namespace vdsokit::kit
