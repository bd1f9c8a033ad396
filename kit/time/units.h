// SPDX-License-Identifier: BSD-2-Clause
// The units in which hosts speak to the Timekeeper. None of them holds a fraction of its last unit.
#pragma once

#include <compare>

#include "arch/types.h"

namespace vdsokit::kit {

// A point in time of some clock, or a span. Normal when nanoseconds < 10^9.
struct Timespec {
    i64 seconds;
    u32 nanoseconds;
    friend constexpr auto operator<=>(Timespec, Timespec) = default;  // NOLINT(*-use-nullptr)
};

// A span that cannot be negative. 2^64 ns are 584 years.
struct Nanoseconds {
    u64 value;
    friend constexpr auto operator<=>(Nanoseconds, Nanoseconds) = default;
};

// A correction of a clock, either way.
struct NanosecondOffset {
    i64 value;
    friend constexpr auto operator<=>(NanosecondOffset, NanosecondOffset) = default;
};

// A correction of a rate: 1 ppb is one nanosecond a second.
struct PartsPerBillion {
    i32 value;
    friend constexpr auto operator<=>(PartsPerBillion, PartsPerBillion) = default;
};

// What gettimeofday's second argument says; kept for programs, without effect on any clock.
struct Timezone {
    i32 minutes_west;
    i32 dst;
    friend constexpr bool operator==(Timezone, Timezone) = default;
};

}  // namespace vdsokit::kit
