// SPDX-License-Identifier: BSD-2-Clause
// What the Timekeeper's own files share: which clocks it keeps, and what it refuses.
#pragma once

#include "kit/time/timekeeper.h"

namespace vdsokit::kit {

inline constexpr u32 kept_clocks = abi::high_resolution_clocks | abi::coarse_clocks;
// Linux says 1 ns for every clock that runs from a counter, whatever the counter's own period.
inline constexpr u32 high_resolution_nanoseconds = 1;

Result<Nothing, TimeError> check_settable(Timespec time);
// Where this CPU has that counter. Errors: those of Scale::of(), no_such_counter.
Result<Scale, TimeError> usable_scale(Clocksource const& source);

template <class Visit>
void Timekeeper::for_each_page(Visit visit) {
    for (TimeNamespace* group = &own_; group != nullptr; group = group->next_) visit(group->page_);
}

}  // namespace vdsokit::kit
