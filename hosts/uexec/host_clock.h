// SPDX-License-Identifier: BSD-2-Clause
// What the host's own clocks say, and when. Nanoseconds of a clock fit 63 bits until 2262.
#pragma once

#include <time.h>

#include "kit/time/units.h"

namespace vdsokit::uexec {

i64 nanoseconds_of(clockid_t clock);
kit::Timespec timespec_of_nanoseconds(i64 nanoseconds);

// A value that belongs to a moment of a clock, which passed within a window this long.
template <class T>
struct Sample {
    T value;
    i64 nanoseconds;
    i64 window;
};

// The best of several: `read()` between two readings of the clock, the closer the better.
template <class Read>
auto sample(clockid_t clock, Read read) {
    constexpr int tries = 24;
    Sample<decltype(read())> best{read(), 0, INT64_MAX};
    for (int left = tries; left != 0; --left) {
        i64 const before = nanoseconds_of(clock);
        auto const value = read();
        i64 const window = nanoseconds_of(clock) - before;
        if (window < best.window) best = {value, before + window / 2, window};
    }
    return best;
}

}  // namespace vdsokit::uexec
