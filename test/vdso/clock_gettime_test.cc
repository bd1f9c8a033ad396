// SPDX-License-Identifier: BSD-2-Clause
#include "vdso/clock_gettime.h"

#include <cerrno>
#include <climits>
#include <random>

#include "test/vdso/harness.h"

namespace vdsokit::vdso {
namespace {

using abi::ClockMode;
using abi::state_of;

class ClockGettime : public ReaderTest {
protected:
    i32 call(u32 clock) { return read_clock_gettime(page, clock, &time); }

    void expect_time(abi::Instant instant, char const* reason = "") {
        EXPECT_EQ(time.seconds, instant.seconds) << reason;
        EXPECT_EQ(time.nanoseconds, abi::units_of(instant.fraction, abi::nanoseconds_per_second))
            << reason;
    }
    // The call was made once, with what the process passed.
    void expect_fallback(u32 clock, char const* reason = "") {
        EXPECT_EQ(arch::fake_kernel.calls, 1u) << reason;
        EXPECT_EQ(arch::fake_kernel.number, arch::call::clock_gettime) << reason;
        u64 const as_int = static_cast<u64>(i64{static_cast<i32>(clock)});
        EXPECT_EQ(arch::fake_kernel.first, as_int) << reason;
        EXPECT_EQ(arch::fake_kernel.second, reinterpret_cast<u64>(&time)) << reason;
        EXPECT_EQ(time.seconds, -1) << reason << ": the kernel alone writes the answer";
        arch::fake_kernel.calls = 0;
    }

    Timespec time{-1, -1};
};

TEST_F(ClockGettime, EachPublishedClockIsItsBasePlusWhatTheCounterHasRun) {
    publish(ClockMode::counter);
    for (u32 const id : page_clocks) {
        arch::fake.counter = 1000 + id + 5 * frequency + frequency / 3;
        EXPECT_EQ(call(id), 0);
        expect_time(expected(page.clocks[id], arch::fake.counter));
        EXPECT_EQ(time.seconds, 1'000'000 * (i64{id} + 1) + 5) << "not another clock's base";
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(ClockGettime, AnyOtherIdIsTheKernelsBusinessAndItsAnswerIsReturned) {
    publish(ClockMode::counter);
    struct Case {
        u32 id;
        char const* reason;
    };
    constexpr Case cases[] = {
        {2, "process CPU time"},
        {3, "thread CPU time"},
        {8, "realtime alarm"},
        {9, "boottime alarm"},
        {10, "no such clock"},
        {12, "the first id past the lines"},
        {15, "Linux had 16 ids before"},
        {16, "the first auxiliary clock"},
        {23, "the last auxiliary clock"},
        {24, "past what Linux knows"},
        {32, "32: a shift by it would be a shift by 0"},
        {1u << 26, "times 64 it is 0 in 32 bits: the line of REALTIME"},
        {(1u << 26) + 1, "likewise MONOTONIC"},
        {0x7fff'ffff, "the largest int"},
        {0x8000'0000, "the smallest int"},
        {0xffff'fffa, "a process's CPU clock: ~pid << 3 | 2"},
        {0xffff'ffff, "-1"},
    };
    for (Case const& c : cases) {
        arch::fake_kernel.answer = -EINVAL;
        EXPECT_EQ(call(c.id), -EINVAL) << c.reason;
        expect_fallback(c.id, c.reason);
        arch::fake_kernel.answer = 0;
        EXPECT_EQ(call(c.id), 0) << c.reason;
        expect_fallback(c.id, c.reason);
    }
}

TEST_F(ClockGettime, EveryIdButThoseOfThePageMakesTheSystemCall) {
    publish(ClockMode::counter);
    std::mt19937 random(12);
    for (u32 i = 0; i < 200'000; ++i) {
        u32 const id = i < 4096 ? i : static_cast<u32>(random());
        bool const in_page = id < 12 && ((0x8f3 >> id) & 1) != 0;
        ASSERT_EQ(call(id), 0);
        ASSERT_EQ(arch::fake_kernel.calls, in_page ? 0u : 1u) << id;
        arch::fake_kernel.calls = 0;
    }
}

TEST_F(ClockGettime, AHeldClockIsItsBaseWhateverTheCounterSays) {
    publish(ClockMode::held);
    for (u32 const id : page_clocks) {
        arch::fake.counter = 77 * frequency;
        EXPECT_EQ(call(id), 0);
        expect_time({page.clocks[id].base_seconds, page.clocks[id].base_fraction});
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(ClockGettime, APhysicalClockRunsFromTheOtherCounter) {
    publish(ClockMode::physical_counter);
    arch::fake.counter = 5 * frequency;
    arch::fake.physical_ahead = 3 * frequency;
    EXPECT_EQ(call(monotonic), 0);
    expect_time(expected(page.clocks[monotonic], 8 * frequency));
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

struct DirectCase {
    u64 counter;
    u64 frequency;
    i64 seconds;
    i64 nanoseconds;
    char const* reason;
};

TEST_F(ClockGettime, ADirectClockIsTheCounterOverTheFrequencyThatTheCpuStates) {
    constexpr DirectCase cases[] = {
        {0, 62'500'000, 0, 0, "at reset"},
        {1, 62'500'000, 0, 16, "one cycle"},
        {62'499'999, 62'500'000, 0, 999'999'984, "the last cycle of a second"},
        {62'500'000, 62'500'000, 1, 0, "a second"},
        {100, 3, 33, 333'333'333, "a frequency that divides nothing"},
        {~u64{0}, 1'000'000'000, 18'446'744'073, 709'551'615, "the counter's last value"},
        {~u64{0}, 18'000'000'000, 1'024'819'115, 206'086'200, "the highest frequency that fits"},
    };
    for (DirectCase const& c : cases) {
        publish(ClockMode::direct);
        arch::fake.counter = c.counter;
        arch::fake.frequency = c.frequency;
        EXPECT_EQ(call(monotonic), 0) << c.reason;
        EXPECT_EQ(time.seconds, c.seconds) << c.reason;
        EXPECT_EQ(time.nanoseconds, c.nanoseconds) << c.reason;

        publish(ClockMode::direct_physical);
        arch::fake.counter = c.counter - 9;
        arch::fake.physical_ahead = 9;
        EXPECT_EQ(call(monotonic), 0) << c.reason;
        EXPECT_EQ(time.seconds, c.seconds) << c.reason;
        EXPECT_EQ(time.nanoseconds, c.nanoseconds) << c.reason;
        arch::fake.physical_ahead = 0;
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(ClockGettime, ADirectClockOnACpuThatStatesNoUsableFrequencyMakesTheSystemCall) {
    for (ClockMode const mode : {ClockMode::direct, ClockMode::direct_physical}) {
        for (u64 const stated : {u64{0}, u64{18'446'744'074}, ~u64{0}}) {
            publish(mode);
            arch::fake.frequency = stated;
            EXPECT_EQ(call(monotonic), 0);
            expect_fallback(monotonic);
        }
    }
}

TEST_F(ClockGettime, WhatIsNotOfThisVersionOrNoTimePageMakesTheSystemCall) {
    struct Case {
        u32 state;
        char const* reason;
    };
    constexpr Case cases[] = {
        {state_of(ClockMode::none), "nothing published, or withdrawn"},
        {state_of(ClockMode::chained), "chained, and there is no other vDSO"},
        {state_of(ClockMode{7}), "a mode that a later host knows"},
        {state_of(ClockMode::counter) + (1 << 4), "the next version, same mode"},
        {state_of(ClockMode::counter) ^ (1 << 8), "another magic"},
        {state_of(ClockMode::counter) | (1 << 12), "a bit above the magic"},
        {0, "a page of zeros"},
        {0xffff'ffff, "a page of ones: locked for good, and not ours"},
    };
    for (Case const& c : cases) {
        publish(ClockMode::counter);
        page.clocks[monotonic].state = c.state;
        int relaxed = 0;
        hook_ = [&relaxed](arch::Step step) { relaxed += step == arch::Step::relaxed ? 1 : 0; };
        EXPECT_EQ(call(monotonic), 0) << c.reason;
        expect_fallback(monotonic, c.reason);
        EXPECT_EQ(relaxed, 0) << c.reason << ": nothing to wait for";
    }
}

TEST_F(ClockGettime, AnyBytesInALineEndInATimeOrASystemCall) {
    std::mt19937_64 random(99);
    for (int i = 0; i < 20'000; ++i) {
        auto& line = page.clocks[monotonic];
        for (u64& word : *reinterpret_cast<u64(*)[8]>(&line)) word = random();
        // Half of them with a state that is believed; unlocked, or each would be waited for.
        if (i % 2 == 0)
            line.state = 0xd10 | (static_cast<u32>(random()) & 0xe);
        else
            line.state &= ~abi::state_locked;
        arch::fake.counter = random();
        arch::fake.frequency = random() % 3 == 0 ? random() : 62'500'000;
        time = {-1, -1};
        EXPECT_EQ(call(monotonic), 0);
        if (arch::fake_kernel.calls == 0) {
            ASSERT_GE(time.nanoseconds, 0);
            ASSERT_LT(time.nanoseconds, 1'000'000'000) << "a torn line must not break this either";
        }
        arch::fake_kernel.calls = 0;
    }
}

// gVisor's reader kept the count in a signed 32-bit number and then spun for ever.
TEST_F(ClockGettime, ACountPastTwoToThe31stIsACountLikeAnyOther) {
    for (u32 const sequence : {0x7fff'fffeu, 0x8000'0000u, 0x8000'0002u, 0xffff'fffeu, 0u}) {
        publish(ClockMode::counter);
        page.clocks[monotonic].sequence = sequence;
        arch::fake.counter = 3 * frequency;
        EXPECT_EQ(call(monotonic), 0);
        expect_time(expected(page.clocks[monotonic], arch::fake.counter));
        EXPECT_EQ(arch::fake_kernel.calls, 0u) << sequence;
    }
}

// nanos, and every reader with a plain seqlock: a publisher that died inside spins its readers.
TEST_F(ClockGettime, AnOddCountForGoodMakesTheSystemCallAfterABoundedWait) {
    struct {
        u32 lock;
        u32 count;
        char const* reason;
    } const table[] = {{abi::state_locked, 1, "died between its two steps"},
                       {abi::state_locked, 0, "died before the count, or after it"},
                       {0, 1, "a writer that knows no lock, as of a plain seqlock"}};
    for (auto const& row : table) {
        for (ClockMode const mode : {ClockMode::counter, ClockMode::physical_counter,
                                     ClockMode::held, ClockMode::direct}) {
            publish(mode);
            page.clocks[monotonic].state |= row.lock;
            page.clocks[monotonic].sequence |= row.count;
            arch::fake.frequency = frequency;
            u32 relaxed = 0;
            hook_ = [&relaxed](arch::Step step) { relaxed += step == arch::Step::relaxed ? 1 : 0; };
            EXPECT_EQ(call(monotonic), 0);
            expect_fallback(monotonic);
            EXPECT_EQ(relaxed, patience) << row.reason;
        }
    }
}

// rel4-linux-kit's function ignored the clock id: REALTIME was the uptime.
TEST_F(ClockGettime, RealtimeIsNotTheUptimeWhenNothingIsPublishedForIt) {
    page.clocks[monotonic].state = state_of(ClockMode::direct);
    arch::fake.frequency = 62'500'000;
    arch::fake.counter = 62'500'000;
    EXPECT_EQ(call(0), 0);
    expect_fallback(0);
}

// Asterinas' time() stood still for 50 s: the page was updated that rarely.
TEST_F(ClockGettime, TimeGoesOnForYearsAfterTheLastPublish) {
    publish(ClockMode::counter);
    for (u64 years = 1; years <= 60; ++years) {
        arch::fake.counter = 1000 + years * 31'557'600 * frequency / 60;  // stays inside 64 bits
        EXPECT_EQ(call(0), 0);
        i64 const run = static_cast<i64>((arch::fake.counter - 1000) / frequency);
        EXPECT_NEAR(static_cast<double>(time.seconds - 1'000'000), static_cast<double>(run), 1);
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

// gVisor answers coarse clocks from the precise ones, and BOOTTIME from MONOTONIC.
TEST_F(ClockGettime, BoottimeAndCoarseClocksAreClocksOfTheirOwn) {
    publish(ClockMode::counter);
    page.clocks[6].state = state_of(ClockMode::held);
    arch::fake.counter = 1000 + 20 * frequency;
    EXPECT_EQ(call(6), 0);
    EXPECT_EQ(time.seconds, 7'000'000) << "as of the publish";
    EXPECT_EQ(call(7), 0);
    EXPECT_EQ(time.seconds, 8'000'020) << "with the time asleep";
}

}  // namespace
}  // namespace vdsokit::vdso
