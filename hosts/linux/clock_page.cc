// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/clock_page.h"

#include <sys/time.h>
#include <time.h>

#include "abi/shared.h"
#include "hosts/linux/cpu_source.h"
#include "kit/time/instant.h"

namespace vdsokit::on_linux {

namespace {

constexpr u32 wall_clocks = abi::bit(abi::ClockId::realtime) | abi::bit(abi::ClockId::tai) |
                            abi::bit(abi::ClockId::realtime_coarse);
constexpr u32 kept_clocks = abi::high_resolution_clocks | abi::coarse_clocks;

// Further from the kernel than any slew of its own takes us between two looks: the counter stood
// still or jumped, as when a machine sleeps.
constexpr i64 parted = 10'000'000;

u32 resolution_of(clockid_t clock) {
    timespec resolution{};
    return clock_getres(clock, &resolution) == 0 ? static_cast<u32>(resolution.tv_nsec) : 0;
}

void prepare(kit::TimePageWriter& writer, abi::TimePage& page, u32 coarse_resolution) {
    writer.attach(page);
    writer.store_resolution(resolution_of(CLOCK_MONOTONIC), coarse_resolution);
    timeval unused{};
    struct timezone zone {};
    if (gettimeofday(&unused, &zone) == 0)
        writer.store_timezone({zone.tz_minuteswest, zone.tz_dsttime});
    abi::store_shared(page.header.cpu_source, static_cast<u32>(cpu_source()));
    abi::store_shared(page.random.state, abi::random_state_of(abi::RandomMode::chained));
}

abi::Instant instant_of_nanoseconds(i64 nanoseconds) {
    return kit::truncated(kit::precise(kit::NanosecondOffset{nanoseconds}));
}

bool runs_from_counter(abi::ClockLine const& line) {
    return abi::load_shared(line.state) == abi::state_of(abi::ClockMode::counter);
}

// What a publisher that is gone has written.
abi::LineValues values_of(abi::ClockLine const& line) {
    return {.cycle_last = abi::load_shared(line.cycle_last),
            .mult = abi::load_shared(line.mult),
            .base_fraction = abi::load_shared(line.base_fraction),
            .base_seconds = abi::load_shared(line.base_seconds),
            .shift = abi::load_shared(line.shift)};
}

}  // namespace

void ChainedPage::attach(abi::TimePage& page) {
    prepare(writer_, page, resolution_of(CLOCK_MONOTONIC_COARSE));
}

void ChainedPage::publish(WallOffset offset) {
    abi::Instant const wall = kit::instant_of(offset);
    kit::LineContents contents{};
    for (u32 clock = 0; clock < abi::clock_lines; ++clock) {
        kit::LineContent& line = contents.of[clock];
        if (abi::in_group(clock, kept_clocks)) line.mode = abi::ClockMode::chained;
        if (abi::in_group(clock, wall_clocks)) {
            line.values.base_seconds = wall.seconds;
            line.values.base_fraction = wall.fraction;
        }
    }
    writer_.lock(kept_clocks);
    writer_.unlock(kept_clocks, contents);
}

void CounterPage::attach(abi::TimePage& page, WallOffset offset) {
    // Coarse clocks run from the counter like their fine ones.
    prepare(writer_, page, resolution_of(CLOCK_MONOTONIC));
    page_ = &page;
    offset_ = offset;
    to_realtime_ = ahead_of_monotonic(CLOCK_REALTIME, 0).nanoseconds;
    to_boottime_ = ahead_of_monotonic(CLOCK_BOOTTIME, 0).nanoseconds;
    tai_ = tai_seconds();
    writer_.lock(kept_clocks);
    publish();
}

void CounterPage::recover(WallOffset offset) {
    offset_ = offset;
    abi::ClockLine const& monotonic = page_->clocks[static_cast<u32>(abi::ClockId::monotonic)];
    abi::ClockLine const& raw = page_->clocks[static_cast<u32>(abi::ClockId::monotonic_raw)];
    // A line caught half written says nothing; its clock is the kernel's again.
    bool const has_monotonic = runs_from_counter(monotonic);
    bool const has_raw = runs_from_counter(raw);
    writer_.lock(kept_clocks);
    if (has_monotonic) monotonic_.end_of(values_of(monotonic));
    if (has_raw) raw_.end_of(values_of(raw));
    publish();
}

void CounterPage::set_offset(WallOffset offset) {
    offset_ = offset;
    writer_.lock(kept_clocks);
    publish();
}

bool CounterPage::follow() {
    i64 const behind = monotonic_.look();
    i64 const raw_behind = raw_.look();
    auto const is_parted = [](i64 off) { return off > parted || off < -parted; };
    if (runs_ && (is_parted(behind) || is_parted(raw_behind))) {
        withdraw();
        return false;
    }
    to_realtime_ = ahead_of_monotonic(CLOCK_REALTIME, to_realtime_).nanoseconds;
    to_boottime_ = ahead_of_monotonic(CLOCK_BOOTTIME, to_boottime_).nanoseconds;
    tai_ = tai_seconds();
    if (!monotonic_.is_ready() || !raw_.is_ready()) return true;
    writer_.lock(kept_clocks);
    if (runs_) {
        monotonic_.steer(behind);
        raw_.steer(raw_behind);
    } else {
        monotonic_.begin();
        raw_.begin();
        runs_ = true;
    }
    publish();
    return true;
}

void CounterPage::withdraw() {
    if (!runs_) return;
    bool const parted_now = [this] {
        i64 const behind = monotonic_.look();
        return behind > parted || behind < -parted;
    }();
    writer_.lock(kept_clocks);
    monotonic_.end();
    raw_.end();
    // Time that is wrong by so much is no time to go on from.
    if (parted_now) {
        monotonic_.forget();
        raw_.forget();
    }
    runs_ = false;
    publish();
}

// Precondition: the lines are locked.
void CounterPage::publish() {
    kit::LineContents contents{};
    for (u32 clock = 0; clock < abi::clock_lines; ++clock)
        if (abi::in_group(clock, kept_clocks)) contents.of[clock] = line_of(abi::ClockId{clock});
    writer_.unlock(kept_clocks, contents);
}

kit::LineContent CounterPage::line_of(abi::ClockId clock) const {
    Follower const& follower = clock == abi::ClockId::monotonic_raw ? raw_ : monotonic_;
    u32 const id = static_cast<u32>(clock);
    kit::LineContent content{};
    abi::Instant base{};
    if (runs_) {
        content = {.mode = abi::ClockMode::counter, .values = follower.line()};
        base = {content.values.base_seconds, content.values.base_fraction};
        if (clock == abi::ClockId::boottime)
            base = kit::sum(base, instant_of_nanoseconds(to_boottime_));
        if (abi::in_group(id, wall_clocks))
            base = kit::sum(base, instant_of_nanoseconds(to_realtime_));
        if (clock == abi::ClockId::tai) base.seconds += tai_;
    } else {
        content.mode = abi::ClockMode::chained;
        base = follower.chained_offset();
    }
    if (abi::in_group(id, wall_clocks)) base = kit::sum(base, kit::instant_of(offset_));
    content.values.base_seconds = base.seconds;
    content.values.base_fraction = base.fraction;
    return content;
}

}  // namespace vdsokit::on_linux
