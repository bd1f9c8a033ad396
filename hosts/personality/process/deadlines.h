// SPDX-License-Identifier: BSD-2-Clause
// From the times that a process names to deadlines in ns of CLOCK_MONOTONIC.
#pragma once

#include "hosts/personality/call.h"
#include "kit/time/units.h"

namespace vdsokit::personality {

// Reads a struct timespec. False: EFAULT, or EINVAL for what is negative or not normal.
[[nodiscard]] bool load_time(Call& call, kit::VirtualAddress from, kit::Timespec& time,
                             Outcome& failed);
[[nodiscard]] bool store_time(Call& call, kit::VirtualAddress to, kit::Timespec time);

// ns; what is beyond 584 years is no_deadline - 1.
u64 deadline_after(kit::Timespec span);
// As things are: when realtime is set, it must be asked again (Thread::follow_realtime).
u64 realtime_deadline(kit::Timespec at);
bool has_passed(u64 deadline);

constexpr u64 add_saturated(u64 a, u64 b) {
    u64 sum = 0;
    if (__builtin_add_overflow(a, b, &sum) || sum == no_deadline) return no_deadline - 1;
    return sum;
}

}  // namespace vdsokit::personality
