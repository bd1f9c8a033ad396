// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/timekeeper_parts.h"

#include "cpu.h"

namespace vdsokit::kit {

namespace {

bool has_counter(CounterKind kind) {
    return kind == CounterKind::virtual_count ||
           (kind == CounterKind::physical_count && arch::has_physical_counter);
}

}  // namespace

Result<Nothing, TimeError> check_settable(Timespec time) {
    if (time.nanoseconds >= abi::nanoseconds_per_second) return TimeError::nanoseconds_out_of_range;
    if (time.seconds < 0 || time.seconds >= settable_limit_seconds)
        return TimeError::time_out_of_range;
    return Nothing{};
}

Result<Scale, TimeError> usable_scale(Clocksource const& source) {
    auto const scale = Scale::of(source);
    if (scale && !has_counter(source.kind)) return TimeError::no_such_counter;
    return scale;
}

}  // namespace vdsokit::kit
