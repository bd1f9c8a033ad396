// SPDX-License-Identifier: BSD-2-Clause
// Slewing the clock for NTP and adjtime.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

// struct timex.
struct UserTimex {
    u32 modes;
    u32 pad0;
    i64 offset;
    i64 frequency;  // ppm * 2^16
    i64 max_error;  // us
    i64 estimated_error;
    i32 status;
    i32 pad1;
    i64 constant;
    i64 precision;  // us
    i64 tolerance;  // ppm * 2^16
    i64 seconds;
    i64 fraction;  // us, or ns with status_nano
    i64 tick;      // us
    i64 pps[2];
    i32 pps_shift;
    i32 pad2;
    i64 more_pps[5];
    i32 tai;
    i32 pad3[11];
};
static_assert(sizeof(UserTimex) == 208);
static_assert(offsetof(UserTimex, seconds) == 72 && offsetof(UserTimex, tai) == 160);

Outcome adjtimex_call(Call& call);
Outcome clock_adjtime_call(Call& call);

}  // namespace vdsokit::personality
