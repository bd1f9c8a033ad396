// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/timekeeper_parts.h"

#include "cpu.h"

namespace vdsokit::kit {

namespace {

bool is_kept(abi::ClockId clock) { return abi::in_group(static_cast<u32>(clock), kept_clocks); }
bool is_coarse(abi::ClockId clock) {
    return abi::in_group(static_cast<u32>(clock), abi::coarse_clocks);
}

// Exact to the nanosecond. Precondition: time is settable.
Timespec moved(Timespec time, NanosecondOffset by) {
    constexpr u32 second = abi::nanoseconds_per_second;
    u64 const magnitude =
        by.value < 0 ? u64{0} - static_cast<u64>(by.value) : static_cast<u64>(by.value);
    Timespec const span = timespec_of(Nanoseconds{magnitude});
    if (by.value < 0) {
        bool const borrows = time.nanoseconds < span.nanoseconds;
        return {time.seconds - span.seconds - (borrows ? 1 : 0),
                time.nanoseconds - span.nanoseconds + (borrows ? second : 0)};
    }
    u32 const nanoseconds = time.nanoseconds + span.nanoseconds;
    bool const carries = nanoseconds >= second;
    return {time.seconds + span.seconds + (carries ? 1 : 0), nanoseconds - (carries ? second : 0)};
}

}  // namespace

Result<Nothing, TimeError> Timekeeper::start(TimekeeperStart const& with) {
    if (is_started_) return TimeError::already_started;
    auto const scale = usable_scale(with.clocksource);
    if (!scale) return scale.error();
    if (auto const checked = check_settable(with.realtime); !checked) return checked.error();
    if (auto const checked = check_settable(with.monotonic); !checked) return checked.error();
    if (with.realtime < with.monotonic) return TimeError::before_system_start;
    if (with.tick.value > abi::nanoseconds_per_second) return TimeError::tick_out_of_range;

    abi::Instant const monotonic = instant_of(with.monotonic);
    Timespec const raw = moved(with.monotonic, with.raw_ahead);
    if (auto const checked = check_settable(raw); !checked) return checked.error();

    clocksource_ = with.clocksource;
    tick_ = with.tick;
    to_realtime_ = difference(instant_of(with.realtime), monotonic);
    is_started_ = true;
    Cycles const now = begin(kept_clocks);
    adjusted_.start(scale.value(), now, monotonic);
    raw_.start(scale.value(), now, instant_of(raw));
    for_each_page([this](TimePageWriter& page) { store_header(page); });
    end(kept_clocks, now);
    return Nothing{};
}

Cycles Timekeeper::now() const { return arch::read_counter(clocksource_.kind); }

// What a kept clock's line says, and what its system call answers from.
LineContent Timekeeper::content(abi::ClockId clock, TimeNamespace const& group) const {
    bool const is_raw = clock == abi::ClockId::monotonic_raw;
    LineContent content{.mode = mode_of(clocksource_.kind),
                        .values = is_raw ? raw_.line() : adjusted_.line()};
    abi::Instant base{content.values.base_seconds, content.values.base_fraction};
    if (is_coarse(clock) && has_tick()) {
        base = at_tick_;
        content = {.mode = abi::ClockMode::held, .values = {}};
    }
    if (is_raw || clock == abi::ClockId::monotonic || clock == abi::ClockId::monotonic_coarse)
        base = sum(base, group.monotonic_);
    if (clock == abi::ClockId::boottime) base = sum(sum(base, asleep_), group.boottime_);
    if (clock == abi::ClockId::realtime || clock == abi::ClockId::realtime_coarse ||
        clock == abi::ClockId::tai)
        base = sum(base, to_realtime_);
    if (clock == abi::ClockId::tai) base.seconds += tai_offset_;
    content.values.base_seconds = base.seconds;
    content.values.base_fraction = base.fraction;
    return content;
}

Result<abi::Instant, TimeError> Timekeeper::instant(abi::ClockId clock,
                                                    TimeNamespace const& group) const {
    if (!is_started_) return TimeError::not_started;
    if (!is_kept(clock)) return TimeError::unknown_clock;
    LineContent const line = content(clock, group);
    if (line.mode == abi::ClockMode::held)
        return abi::Instant{line.values.base_seconds, line.values.base_fraction};
    return abi::instant_at(line.values, now());
}

Result<Timespec, TimeError> Timekeeper::read(abi::ClockId clock, TimeNamespace const& group) const {
    auto const at = instant(clock, group);
    if (!at) return at.error();
    return timespec_of(at.value());
}

Result<Nanoseconds, TimeError> Timekeeper::resolution(abi::ClockId clock) const {
    if (!is_started_) return TimeError::not_started;
    if (!is_kept(clock)) return TimeError::unknown_clock;
    if (is_coarse(clock) && has_tick()) return tick_;
    return Nanoseconds{high_resolution_nanoseconds};
}

void Timekeeper::tick() {
    if (!is_started_) return;
    advance();
    if (!has_tick()) return;
    Cycles const now = begin(abi::coarse_clocks);
    end(abi::coarse_clocks, now);
}

void Timekeeper::advance() {
    if (!is_started_) return;
    Cycles const seen = now();
    if (!adjusted_.is_due(seen) && !raw_.is_due(seen)) return;
    Cycles const now = begin(kept_clocks);
    adjusted_.advance(now);
    raw_.advance(now);
    end(kept_clocks, now);
}

Deadline Timekeeper::next_update() const {
    if (!is_started_) return {{0}, {~u64{0}}};
    Cycles const at = now();
    Cycles const adjusted = adjusted_.until_due(at);
    Cycles const raw = raw_.until_due(at);
    Cycles const until = adjusted.value < raw.value ? adjusted : raw;
    u64 const mask = ~u64{0} >> (64 - clocksource_.counter_bits);
    return {.counter = {(at.value + until.value) & mask}, .after = raw_.span(until)};
}

}  // namespace vdsokit::kit
