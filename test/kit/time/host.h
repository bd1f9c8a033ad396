// SPDX-License-Identifier: BSD-2-Clause
// A host on the fake CPU: its Timekeeper, its time page, and a process that reads that page with
// the vDSO's own code.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>

#include "cpu.h"

#include "exact.h"
#include "kit/time/timekeeper.h"
#include "vdso/read_clock.h"

namespace vdsokit::kit {

inline void PrintTo(Timespec const& time, std::ostream* out) {
    *out << time.seconds << " s " << time.nanoseconds << " ns";
}

}  // namespace vdsokit::kit

namespace vdsokit::test {

using abi::ClockId;
using kit::Timespec;

inline constexpr ClockId all_clocks[] = {
    ClockId::realtime,        ClockId::monotonic,        ClockId::monotonic_raw, ClockId::boottime,
    ClockId::realtime_coarse, ClockId::monotonic_coarse, ClockId::tai,
};

// One reading of the page by the code of the vDSO. None: it would make the system call.
inline std::optional<Timespec> read_page(abi::TimePage const& page, ClockId clock) {
    vdso::Reading reading{};
    u32 const id = static_cast<u32>(clock);
    abi::ClockLine const& line = page.clocks[id];
    if (!vdso::read_patiently(line, static_cast<u32>(clock), abi::nanoseconds_per_second, reading))
        return std::nullopt;
    return Timespec{reading.seconds, static_cast<u32>(reading.part)};
}

struct HostOptions {
    u64 frequency = 2'000'000'000;
    u32 counter_bits = 64;
    u64 tick_nanoseconds = 0;
    u64 counter_at_start = 0;
    Timespec realtime{1'700'000'000, 0};
    Timespec monotonic{0, 0};
    CounterKind kind = CounterKind::virtual_count;
};

// Not movable: the keeper knows its page.
struct Host {
    explicit Host(HostOptions options = {}) : frequency(options.frequency) {
        arch::fake = {};
        arch::fake.counter = options.counter_at_start;
        keeper.attach(page);
        started =
            keeper.start({.clocksource = {options.frequency, options.counter_bits, options.kind},
                          .realtime = options.realtime,
                          .monotonic = options.monotonic,
                          .tick = {options.tick_nanoseconds}});
        if (!started) ADD_FAILURE() << "start refused: " << static_cast<int>(started.error());
    }
    Host(Host const&) = delete;
    Host& operator=(Host const&) = delete;
    ~Host() { arch::fake.hook = nullptr; }

    static void pass(u64 cycles) { arch::fake.counter += cycles; }
    // At 2 GHz, and half a nanosecond more: mult is rounded down, so at a whole nanosecond clocks
    // still say the one before.
    static void pass_nanoseconds(u64 count) { pass(2 * count + 1); }

    Timespec call(ClockId clock) const { return keeper.read(clock).value(); }
    i128 ticks(ClockId clock) const { return ticks_of(keeper.instant(clock).value()); }
    std::optional<Timespec> vdso(ClockId clock) const { return read_page(page, clock); }

    // Plays a host whose timer is exact: calls advance() at each deadline on the way.
    void pass_with_deadlines(u64 cycles) {
        while (cycles != 0) {
            u64 const until = keeper.next_update().counter.value - arch::fake.counter;
            u64 const part = until < cycles ? until : cycles;
            pass(part);
            keeper.advance();
            cycles -= part;
        }
    }

    u64 frequency;
    abi::TimePage page = abi::unpublished_page();
    kit::Timekeeper keeper;
    kit::Result<kit::Nothing, kit::TimeError> started = kit::Nothing{};
};

}  // namespace vdsokit::test
