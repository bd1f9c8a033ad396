// SPDX-License-Identifier: BSD-2-Clause
// What moves the clocks: steps, slews, offsets, sleep, another counter.
#include "kit/time/timekeeper_parts.h"

namespace vdsokit::kit {

Result<Nothing, TimeError> Timekeeper::step_realtime(Timespec to) {
    if (!is_started_) return TimeError::not_started;
    if (auto const checked = check_settable(to); !checked) return checked.error();
    Cycles const now = begin(kept_clocks);
    abi::Instant const monotonic = adjusted_.at(now);
    abi::Instant const target = instant_of(to);
    // Linux refuses it too: what it keeps for the boot time would be before 1970.
    bool const too_early = before(target, monotonic);
    if (!too_early) to_realtime_ = difference(target, monotonic);
    end(kept_clocks, now);
    if (too_early) return TimeError::before_system_start;
    return Nothing{};
}

Result<Nothing, TimeError> Timekeeper::slew_frequency(PartsPerBillion by) {
    if (!is_started_) return TimeError::not_started;
    if (by.value > rate_limit_ppb || by.value < -rate_limit_ppb)
        return TimeError::rate_out_of_range;
    Cycles const now = begin(kept_clocks);
    frequency_ = by;
    adjusted_.set_rate(now, by);
    end(kept_clocks, now);
    return Nothing{};
}

Result<NanosecondOffset, TimeError> Timekeeper::slew_offset(NanosecondOffset by) {
    if (!is_started_) return TimeError::not_started;
    constexpr i64 limit = offset_limit_seconds * i64{abi::nanoseconds_per_second};
    if (by.value > limit || by.value < -limit) return TimeError::offset_out_of_range;
    Cycles const now = begin(kept_clocks);
    NanosecondOffset const replaced = adjusted_.remaining(now);
    adjusted_.slew(now, by);
    end(kept_clocks, now);
    return replaced;
}

NanosecondOffset Timekeeper::remaining_offset() const {
    return is_started_ ? adjusted_.remaining(now()) : NanosecondOffset{0};
}

Result<Nothing, TimeError> Timekeeper::set_tai_offset(i32 seconds) {
    if (!is_started_) return TimeError::not_started;
    if (seconds < 0 || seconds > tai_offset_limit) return TimeError::tai_offset_out_of_range;
    Cycles const now = begin(kept_clocks);
    tai_offset_ = seconds;
    end(kept_clocks, now);
    return Nothing{};
}

Result<Nothing, TimeError> Timekeeper::add_suspend(Nanoseconds span) {
    if (!is_started_) return TimeError::not_started;
    abi::Instant const slept = instant_of(timespec_of(span));
    Cycles const now = begin(kept_clocks);
    abi::Instant const realtime = sum(sum(adjusted_.at(now), to_realtime_), slept);
    abi::Instant const boottime = sum(sum(adjusted_.at(now), asleep_), slept);
    bool const fits =
        realtime.seconds < time_limit_seconds && boottime.seconds < time_limit_seconds;
    if (fits) {
        asleep_ = sum(asleep_, slept);
        to_realtime_ = sum(to_realtime_, slept);
    }
    end(kept_clocks, now);
    if (!fits) return TimeError::time_out_of_range;
    return Nothing{};
}

Result<Nothing, TimeError> Timekeeper::set_timezone(Timezone timezone) {
    if (timezone.minutes_west > timezone_limit_minutes ||
        timezone.minutes_west < -timezone_limit_minutes)
        return TimeError::timezone_out_of_range;
    timezone_ = timezone;
    for_each_page([timezone](TimePageWriter& page) { page.store_timezone(timezone); });
    return Nothing{};
}

Result<Nothing, TimeError> Timekeeper::change_clocksource(Clocksource const& source) {
    if (!is_started_) return TimeError::not_started;
    auto const scale = usable_scale(source);
    if (!scale) return scale.error();
    Cycles const old_now = begin(kept_clocks);
    clocksource_ = source;
    Cycles const new_now = now();
    adjusted_.move(old_now, scale.value(), new_now);
    raw_.move(old_now, scale.value(), new_now);
    end(kept_clocks, new_now);
    return Nothing{};
}

}  // namespace vdsokit::kit
