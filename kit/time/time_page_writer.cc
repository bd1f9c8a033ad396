// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/time_page_writer.h"

#include "cpu.h"

#include "abi/shared.h"

namespace vdsokit::kit {

using abi::load_shared;
using abi::store_shared;

namespace {

template <class Visit>
void for_each_line(abi::TimePage& page, u32 clocks, Visit visit) {
    for (u32 id = 0; id < abi::clock_lines; ++id)
        if (abi::in_group(id, clocks)) visit(page.clocks[id], id);
}

void store_values(abi::ClockLine& line, abi::LineValues const& values) {
    store_shared(line.cycle_last, values.cycle_last);
    store_shared(line.mult, values.mult);
    store_shared(line.base_fraction, values.base_fraction);
    store_shared(line.base_seconds, values.base_seconds);
    store_shared(line.shift, values.shift);
}

}  // namespace

void TimePageWriter::attach(abi::TimePage& page) {
    page_ = &page;
    store_shared(page.header.magic, abi::page_magic);
    store_shared(page.header.version, abi::page_version);
    store_shared(page.header.line_count, abi::clock_lines);
    u32 const all = (u32{1} << abi::clock_lines) - 1;
    // The lock keeps the state's mode: give it one of ours to keep.
    for_each_line(page, all, [](abi::ClockLine& line, u32) {
        if (!abi::is_line_state(load_shared(line.state)))
            store_shared(line.state, abi::state_of(abi::ClockMode::none));
    });
    lock(all);
    unlock(all, {});
}

void TimePageWriter::lock(u32 clocks) {
    if (page_ == nullptr) return;
    for_each_line(*page_, clocks, [](abi::ClockLine& line, u32) {
        store_shared(line.state, load_shared(line.state) | abi::state_locked);
    });
    arch::order_stores();
    // `| 1`: the count is odd already when the last writer died inside.
    for_each_line(*page_, clocks, [](abi::ClockLine& line, u32) {
        store_shared(line.sequence, load_shared(line.sequence) | 1);
    });
    arch::publish_barrier();
}

void TimePageWriter::unlock(u32 clocks, LineContents const& contents) {
    if (page_ == nullptr) return;
    for_each_line(*page_, clocks, [&contents](abi::ClockLine& line, u32 id) {
        store_values(line, contents.of[id].values);
    });
    arch::order_stores();
    for_each_line(*page_, clocks, [](abi::ClockLine& line, u32) {
        store_shared(line.sequence, load_shared(line.sequence) + 1);
    });
    arch::order_stores();
    for_each_line(*page_, clocks, [&contents](abi::ClockLine& line, u32 id) {
        store_shared(line.state, abi::state_of(contents.of[id].mode));
    });
}

void TimePageWriter::store_resolution(u32 high_resolution_nanoseconds, u32 coarse_nanoseconds) {
    if (page_ == nullptr) return;
    store_shared(page_->header.resolution, high_resolution_nanoseconds);
    store_shared(page_->header.coarse_resolution, coarse_nanoseconds);
}

void TimePageWriter::store_timezone(Timezone timezone) {
    if (page_ == nullptr) return;
    store_shared(page_->header.timezone_minutes_west, timezone.minutes_west);
    store_shared(page_->header.timezone_dst, timezone.dst);
    arch::order_stores();
    store_shared(page_->header.timezone_is_set, u32{1});
}

}  // namespace vdsokit::kit
