// SPDX-License-Identifier: BSD-2-Clause
// Who sees the clocks: the time pages, one for each group of processes, and what each line says.
#include "kit/time/timekeeper_parts.h"

namespace vdsokit::kit {

namespace {

// What an offset may be, and the clock with it: half of KTIME_SEC_MAX.
constexpr i64 offset_seconds_max = time_limit_seconds / 2;

}  // namespace

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

}  // namespace vdsokit::kit
