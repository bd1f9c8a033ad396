// SPDX-License-Identifier: BSD-2-Clause
#include "test/vdso/guest/published_page.h"

#include "cpu.h"
#include "system_call.h"

#include <unistd.h>

#include "kit/time/instant.h"
#include "kit/time/scale.h"
#include "kit/time/time_page_writer.h"
#include "test/vdso/guest/mapped_image.h"

namespace vdsokit::test {
namespace {

constexpr i64 billion = 1'000'000'000;
constexpr u64 gigahertz = 1'000'000'000;

// clock - realtime, at most; the true value is no more than `window` above.
struct Offset {
    i64 ns;
    i64 window;
};

Offset measure_offset(clockid_t clock) {
    Offset best{0, billion};
    for (int i = 0; i < 1000; ++i) {
        i64 const before = nanoseconds(system_clock(CLOCK_REALTIME));
        i64 const here = nanoseconds(system_clock(clock));
        i64 const after = nanoseconds(system_clock(CLOCK_REALTIME));
        if (after - before < best.window) best = {here - after, after - before};
    }
    return best;
}

}  // namespace

i64 nanoseconds(vdso::Timespec time) { return time.seconds * billion + time.nanoseconds; }

vdso::Timespec system_clock(clockid_t clock) {
    vdso::Timespec time{};
    if (syscall(static_cast<long>(arch::call::clock_gettime), clock, &time) != 0)
        fail("no clock %d here", clock);
    return time;
}

void publish_gigahertz(abi::TimePage& page, u64 cycle_last, i64 base_seconds) {
    auto const scale = kit::Scale::of({.frequency = gigahertz, .counter_bits = 64});
    u32 const clocks = abi::high_resolution_clocks | abi::coarse_clocks;
    kit::LineContents contents{};
    for (u32 id = 0; id < abi::clock_lines; ++id)
        contents.of[id] = {.mode = abi::ClockMode::counter,
                           .values = {.cycle_last = cycle_last,
                                      .mult = scale.value().rate({0}).high,
                                      .base_fraction = 0,
                                      .base_seconds = base_seconds,
                                      .shift = scale.value().shift}};
    kit::TimePageWriter writer;
    writer.attach(page);
    writer.lock(clocks);
    writer.unlock(clocks, contents);
}

Published publish(abi::TimePage& page, u32 resolution, u32 coarse_resolution) {
    u64 const stated = arch::counter_frequency();
    u64 const frequency = stated != 0 ? stated : gigahertz;
    auto const scale = kit::Scale::of({.frequency = frequency, .counter_bits = 64});
    if (!scale)
        fail("the counter's frequency %lu is refused", static_cast<unsigned long>(frequency));
    i64 const counter_step = 1000 + billion / static_cast<i64>(frequency);

    Published published{};
    kit::LineContents contents{};
    u32 const clocks = abi::high_resolution_clocks | abi::coarse_clocks;
    Cycles const now = arch::read_counter(CounterKind::virtual_count);
    abi::Instant const realtime{static_cast<i64>(now.value / frequency),
                                kit::fraction_of(now.value % frequency, frequency)};
    for (u32 id = 0; id < abi::clock_lines; ++id) {
        if (!abi::in_group(id, clocks)) continue;
        Offset const offset =
            id == CLOCK_REALTIME ? Offset{0, 0} : measure_offset(static_cast<clockid_t>(id));
        abi::Instant const base = kit::truncated(
            kit::sum(kit::precise(realtime), kit::precise(kit::NanosecondOffset{offset.ns})));
        published.late_ns[id] = counter_step + offset.window;
        contents.of[id] = {.mode = abi::in_group(id, abi::coarse_clocks) ? abi::ClockMode::held
                                                                         : abi::ClockMode::counter,
                           .values = {.cycle_last = now.value,
                                      .mult = scale.value().rate({0}).high,
                                      .base_fraction = base.fraction,
                                      .base_seconds = base.seconds,
                                      .shift = scale.value().shift}};
    }
    kit::TimePageWriter writer;
    writer.attach(page);
    writer.lock(clocks);
    writer.unlock(clocks, contents);
    writer.store_resolution(resolution, coarse_resolution);
    return published;
}

}  // namespace vdsokit::test
