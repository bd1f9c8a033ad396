// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/timekeeper.h"

#include "cpu.h"

namespace vdsokit::kit {

namespace {

constexpr u32 kept_clocks = abi::high_resolution_clocks | abi::coarse_clocks;

// Linux says 1 ns for every clock that runs from a counter, whatever the counter's own period.
constexpr u32 high_resolution_nanoseconds = 1;

// What an offset may be, and the clock with it: half of KTIME_SEC_MAX.
constexpr i64 offset_seconds_max = time_limit_seconds / 2;

bool is_kept(abi::ClockId clock) { return abi::in_group(static_cast<u32>(clock), kept_clocks); }
bool is_coarse(abi::ClockId clock) {
    return abi::in_group(static_cast<u32>(clock), abi::coarse_clocks);
}

bool has_counter(CounterKind kind) {
    return kind == CounterKind::virtual_count ||
           (kind == CounterKind::physical_count && arch::has_physical_counter);
}

Result<Nothing, TimeError> check_settable(Timespec time) {
    if (time.nanoseconds >= abi::nanoseconds_per_second) return TimeError::nanoseconds_out_of_range;
    if (time.seconds < 0 || time.seconds >= settable_limit_seconds)
        return TimeError::time_out_of_range;
    return Nothing{};
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
    auto const scale = Scale::of(with.clocksource);
    if (!scale) return scale.error();
    if (!has_counter(with.clocksource.kind)) return TimeError::no_such_counter;
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

template <class Visit>
void Timekeeper::for_each_page(Visit visit) {
    for (TimeNamespace* group = &own_; group != nullptr; group = group->next_) visit(group->page_);
}

void Timekeeper::say_none(TimePageWriter& page) {
    page.lock(kept_clocks);
    page.unlock(kept_clocks, {});
}

void Timekeeper::attach(abi::TimePage& page) {
    TimePageWriter& own = own_.page_;
    if (own.is_attached() && is_started_ && is_published_) say_none(own);
    own.attach(page);
    own.store_timezone(timezone_);
    if (!is_started_) return;
    store_header(own);
    if (is_published_) publish();
}

Result<Nothing, TimeError> Timekeeper::check_offsets(NamespaceOffsets const& offsets) const {
    struct Row {
        abi::ClockId clock;
        Timespec offset;
    };
    // Raw begins where monotonic does and may have fallen behind it since.
    Row const rows[] = {{abi::ClockId::monotonic, offsets.monotonic},
                        {abi::ClockId::monotonic_raw, offsets.monotonic},
                        {abi::ClockId::monotonic_coarse, offsets.monotonic},
                        {abi::ClockId::boottime, offsets.boottime}};
    for (Row const& row : rows) {
        if (row.offset.nanoseconds >= abi::nanoseconds_per_second)
            return TimeError::nanoseconds_out_of_range;
        if (row.offset.seconds > offset_seconds_max || row.offset.seconds < -offset_seconds_max)
            return TimeError::time_out_of_range;
        auto const now = instant(row.clock);
        if (!now) return now.error();
        // Half of what the clock can say is left to it. [Linux kernel/time/namespace.c]
        i64 const then = sum(now.value(), instant_of(row.offset)).seconds;
        if (then < 0 || then > offset_seconds_max) return TimeError::time_out_of_range;
    }
    return Nothing{};
}

Result<Nothing, TimeError> Timekeeper::open(TimeNamespace& group, abi::TimePage& page,
                                            NamespaceOffsets const& offsets) {
    if (!is_started_) return TimeError::not_started;
    if (group.is_open_) return TimeError::already_started;
    if (auto const checked = check_offsets(offsets); !checked) return checked.error();
    group.offsets_ = offsets;
    group.monotonic_ = instant_of(offsets.monotonic);
    group.boottime_ = instant_of(offsets.boottime);
    group.page_.attach(page);
    group.page_.store_timezone(timezone_);
    store_header(group.page_);
    group.next_ = own_.next_;
    own_.next_ = &group;
    group.is_open_ = true;
    if (is_published_) publish();
    return Nothing{};
}

void Timekeeper::close(TimeNamespace& group) {
    if (!group.is_open_) return;
    say_none(group.page_);
    TimeNamespace* before = &own_;
    while (before->next_ != &group) before = before->next_;
    before->next_ = group.next_;
    group = {};
}

void Timekeeper::store_header(TimePageWriter& page) {
    page.store_resolution(high_resolution_nanoseconds,
                          has_tick() ? static_cast<u32>(tick_.value) : high_resolution_nanoseconds);
}

void Timekeeper::withdraw() {
    is_published_ = false;
    for_each_page([this](TimePageWriter& page) { say_none(page); });
}

void Timekeeper::publish() {
    is_published_ = true;
    if (!is_started_) return;
    Cycles const now = begin(kept_clocks);
    end(kept_clocks, now);
}

Cycles Timekeeper::now() const { return arch::read_counter(clocksource_.kind); }

// Every change stands between begin() and end(): the counter is read after the readers are locked
// out, so that none of them has been past `now` on the old lines.
Cycles Timekeeper::begin(u32 clocks) {
    if (is_published_) for_each_page([clocks](TimePageWriter& page) { page.lock(clocks); });
    return now();
}

void Timekeeper::end(u32 clocks, Cycles now) {
    at_tick_ = adjusted_.at(now);
    if (!is_published_) return;
    for (TimeNamespace* group = &own_; group != nullptr; group = group->next_) {
        LineContents contents{};
        for (u32 id = 0; id < abi::clock_lines; ++id)
            if (abi::in_group(id, clocks)) contents.of[id] = content(abi::ClockId{id}, *group);
        group->page_.unlock(clocks, contents);
    }
}

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
    auto const scale = Scale::of(source);
    if (!scale) return scale.error();
    if (!has_counter(source.kind)) return TimeError::no_such_counter;
    Cycles const old_now = begin(kept_clocks);
    clocksource_ = source;
    Cycles const new_now = now();
    adjusted_.move(old_now, scale.value(), new_now);
    raw_.move(old_now, scale.value(), new_now);
    end(kept_clocks, new_now);
    return Nothing{};
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
