// SPDX-License-Identifier: BSD-2-Clause
// What each verb of the Timekeeper does and refuses.
#include "kit/time/timekeeper.h"

#include <gtest/gtest.h>

#include "host.h"

namespace vdsokit::test {
namespace {

using kit::TimeError;
using kit::Timekeeper;
using kit::TimekeeperStart;

constexpr TimekeeperStart plain{.clocksource = {1'000'000'000, 64}, .realtime = {1'700'000'000, 0}};

struct StartCase {
    TimekeeperStart with;
    TimeError error;
    char const* reason;
};

StartCase const refused_starts[] = {
    {{.clocksource = {0, 64}, .realtime = {1, 0}}, TimeError::frequency_out_of_range, "0 Hz"},
    {{.clocksource = {1000, 99}, .realtime = {1, 0}},
     TimeError::counter_bits_out_of_range,
     "99 bits"},
    {{.clocksource = {1000, 10}, .realtime = {1, 0}}, TimeError::counter_wraps_too_soon, "1.02 s"},
    {{.clocksource = {1000, 64, CounterKind{7}}, .realtime = {1, 0}},
     TimeError::no_such_counter,
     "a kind that no CPU has"},
    {{.clocksource = {1000, 64}, .realtime = {1, 1'000'000'000}},
     TimeError::nanoseconds_out_of_range,
     "not normal"},
    {{.clocksource = {1000, 64}, .realtime = {-1, 0}}, TimeError::time_out_of_range, "1969"},
    {{.clocksource = {1000, 64}, .realtime = {kit::settable_limit_seconds, 0}},
     TimeError::time_out_of_range,
     "2232: Linux keeps 30 years for the uptime"},
    {{.clocksource = {1000, 64}, .realtime = {INT64_MAX, 0}},
     TimeError::time_out_of_range,
     "a sum with it would overflow"},
    {{.clocksource = {1000, 64}, .realtime = {1, 0}, .monotonic = {-1, 0}},
     TimeError::time_out_of_range,
     "a negative uptime"},
    {{.clocksource = {1000, 64},
      .realtime = {9, 0},
      .monotonic = {5, 0},
      .raw_ahead = {-5'000'000'001}},
     TimeError::time_out_of_range,
     "raw before the machine was started"},
    {{.clocksource = {1000, 64}, .realtime = {4, 999'999'999}, .monotonic = {5, 0}},
     TimeError::before_system_start,
     "up for longer than since 1970"},
    {{.clocksource = {1000, 64}, .realtime = {1, 0}, .tick = {1'000'000'001}},
     TimeError::tick_out_of_range,
     "no resolution that a u32 of ns and a program expects"},
};

TEST(Timekeeper, StartRefusesWhatItCannotKeep) {
    for (StartCase const& c : refused_starts) {
        arch::fake = {};
        Timekeeper keeper;
        auto const started = keeper.start(c.with);
        ASSERT_FALSE(started) << c.reason;
        EXPECT_EQ(started.error(), c.error) << c.reason;
        EXPECT_FALSE(keeper.is_started()) << c.reason;
        EXPECT_TRUE(keeper.start(plain)) << "a refusal changes nothing";
    }
}

TEST(Timekeeper, RawStartsAheadOfMonotonicOrBehindItAsItIsTold) {
    for (i64 const ahead : {i64{0}, i64{1'500'000'000}, i64{-2'999'999'999}}) {
        arch::fake = {};
        Timekeeper keeper;
        TimekeeperStart with = plain;
        with.monotonic = {3, 0};
        with.raw_ahead = {ahead};
        ASSERT_TRUE(keeper.start(with));
        i64 const expected = 3'000'000'000 + ahead;
        EXPECT_EQ(keeper.read(abi::ClockId::monotonic).value(), (kit::Timespec{3, 0}));
        EXPECT_EQ(
            keeper.read(abi::ClockId::monotonic_raw).value(),
            (kit::Timespec{expected / 1'000'000'000, static_cast<u32>(expected % 1'000'000'000)}));
    }
}

TEST(Timekeeper, ASecondStartIsRefused) {
    Host host;
    auto const again = host.keeper.start(plain);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), TimeError::already_started);
}

TEST(Timekeeper, NothingIsAnsweredBeforeStart) {
    arch::fake = {};
    Timekeeper keeper;
    abi::TimePage page = abi::unpublished_page();
    keeper.attach(page);
    for (ClockId const clock : all_clocks) {
        EXPECT_EQ(keeper.read(clock).error(), TimeError::not_started);
        EXPECT_EQ(keeper.resolution(clock).error(), TimeError::not_started);
        EXPECT_EQ(read_page(page, clock), std::nullopt);
    }
    EXPECT_EQ(page.header.resolution, 0U) << "clock_getres makes the system call";
    EXPECT_EQ(keeper.step_realtime({5, 0}).error(), TimeError::not_started);
    EXPECT_EQ(keeper.slew_frequency({5}).error(), TimeError::not_started);
    EXPECT_EQ(keeper.slew_offset({5}).error(), TimeError::not_started);
    EXPECT_EQ(keeper.set_tai_offset(5).error(), TimeError::not_started);
    EXPECT_EQ(keeper.add_suspend({5}).error(), TimeError::not_started);
    EXPECT_EQ(keeper.change_clocksource({1000, 64}).error(), TimeError::not_started);
    EXPECT_EQ(keeper.remaining_offset().value, 0);
    EXPECT_EQ(keeper.next_update().after.value, ~u64{0}) << "never";
    keeper.tick();
    keeper.advance();
    keeper.publish();
    EXPECT_EQ(read_page(page, ClockId::monotonic), std::nullopt) << "there is still no time";
}

TEST(Timekeeper, ClocksBeginWhereStartSays) {
    Host const host({.counter_at_start = 0x1234'5678'9abc,
                     .realtime = {1'700'000'000, 5},
                     .monotonic = {3, 250'000'000}});
    EXPECT_EQ(host.call(ClockId::realtime), (Timespec{1'700'000'000, 5}));
    EXPECT_EQ(host.call(ClockId::tai), (Timespec{1'700'000'000, 5}));
    for (ClockId const clock : {ClockId::monotonic, ClockId::monotonic_raw, ClockId::boottime})
        EXPECT_EQ(host.call(clock), (Timespec{3, 250'000'000}));
}

TEST(Timekeeper, ClocksThatItDoesNotKeepAreUnknown) {
    Host const host;
    for (u32 const id : {2U, 3U, 8U, 9U, 10U, 12U, 31U, 32U, 0x8000'0001U, ~0U}) {
        EXPECT_EQ(host.keeper.read(ClockId{id}).error(), TimeError::unknown_clock) << id;
        EXPECT_EQ(host.keeper.resolution(ClockId{id}).error(), TimeError::unknown_clock) << id;
    }
}

TEST(Timekeeper, AStepMovesRealtimeItsCoarseClockAndTaiAndNothingElse) {
    for (u64 const tick : {u64{0}, u64{4'000'000}}) {
        Host host({.tick_nanoseconds = tick});
        ASSERT_TRUE(host.keeper.set_tai_offset(37));
        Host::pass_nanoseconds(5'000'000'123);
        ASSERT_TRUE(host.keeper.step_realtime({1'000'000'000, 7}));
        EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'000'000'000, 7}));
        EXPECT_EQ(host.vdso(ClockId::realtime_coarse), (Timespec{1'000'000'000, 7}));
        EXPECT_EQ(host.vdso(ClockId::tai), (Timespec{1'000'000'037, 7}));
        EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{5, 123}));
        EXPECT_EQ(host.vdso(ClockId::boottime), (Timespec{5, 123}));
        EXPECT_EQ(host.vdso(ClockId::monotonic_raw), (Timespec{5, 123}));
    }
}

struct StepCase {
    Timespec to;
    std::optional<TimeError> error;
    char const* reason;
};

constexpr StepCase steps[] = {
    {{100, 0}, std::nullopt, "as long as the system is up: booted in 1970"},
    {{99, 999'999'999}, TimeError::before_system_start, "booted before 1970"},
    {{0, 0}, TimeError::before_system_start, "booted before 1970"},
    {{-1, 0}, TimeError::time_out_of_range, "before 1970"},
    {{INT64_MIN, 0}, TimeError::time_out_of_range, "a difference with it would overflow"},
    {{INT64_MAX, 0}, TimeError::time_out_of_range, "a sum with it would overflow"},
    {{kit::settable_limit_seconds - 1, 999'999'999}, std::nullopt, "Linux's last settable second"},
    {{kit::settable_limit_seconds, 0}, TimeError::time_out_of_range, "the one after it"},
    {{200, 1'000'000'000}, TimeError::nanoseconds_out_of_range, "not normal"},
    {{200, ~0U}, TimeError::nanoseconds_out_of_range, "a negative number in C"},
};

TEST(Timekeeper, AStepIsCheckedAsLinuxDoesAndARefusalMovesNothing) {
    for (StepCase const& c : steps) {
        Host host({.monotonic = {100, 0}});
        auto const stepped = host.keeper.step_realtime(c.to);
        EXPECT_EQ(!stepped, c.error.has_value()) << c.reason;
        if (c.error && !stepped) {
            EXPECT_EQ(stepped.error(), *c.error) << c.reason;
        }
        Timespec const expected = c.error ? Timespec{1'700'000'000, 0} : c.to;
        EXPECT_EQ(host.call(ClockId::realtime), expected) << c.reason;
        EXPECT_EQ(host.vdso(ClockId::realtime), expected) << c.reason;
        EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{100, 0})) << c.reason;
    }
}

TEST(Timekeeper, AStepDoesNotRebaseTheLines) {
    Host host({.counter_at_start = 1000});
    Host::pass(123'456);
    ASSERT_TRUE(host.keeper.step_realtime({1'800'000'000, 0}));
    EXPECT_EQ(host.page.clocks[1].cycle_last, 1000U) << "no rounding, however often time is set";
    host.keeper.tick();
    EXPECT_EQ(host.page.clocks[1].cycle_last, 1000U) << "nor on ticks";
}

TEST(Timekeeper, TheTaiOffsetMovesTaiAlone) {
    Host host;
    ASSERT_TRUE(host.keeper.set_tai_offset(37));
    EXPECT_EQ(host.keeper.tai_offset(), 37);
    EXPECT_EQ(host.vdso(ClockId::tai), (Timespec{1'700'000'037, 0}));
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'700'000'000, 0}));
    EXPECT_EQ(host.keeper.set_tai_offset(-1).error(), TimeError::tai_offset_out_of_range);
    EXPECT_EQ(host.keeper.set_tai_offset(100'001).error(), TimeError::tai_offset_out_of_range);
    EXPECT_EQ(host.keeper.tai_offset(), 37);
}

TEST(Timekeeper, SleepReachesBoottimeAndRealtimeButNotMonotonic) {
    Host host;
    Host::pass_nanoseconds(1'000'000'000);
    ASSERT_TRUE(host.keeper.add_suspend({7'000'000'005}));
    EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{1, 0}));
    EXPECT_EQ(host.vdso(ClockId::monotonic_raw), (Timespec{1, 0}));
    EXPECT_EQ(host.vdso(ClockId::boottime), (Timespec{8, 5}));
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'700'000'008, 5}));
    EXPECT_EQ(host.vdso(ClockId::tai), (Timespec{1'700'000'008, 5}));
}

TEST(Timekeeper, SleepPastTheEndOfTimeIsRefused) {
    Host host({.realtime = {kit::settable_limit_seconds - 1, 0}});
    EXPECT_EQ(host.keeper.add_suspend({~u64{0}}).error(), TimeError::time_out_of_range);
    u64 const thirty_two_years = 1'000'000'000'000'000'000;  // too long for realtime alone
    EXPECT_EQ(host.keeper.add_suspend({thirty_two_years}).error(), TimeError::time_out_of_range);
    EXPECT_EQ(host.vdso(ClockId::boottime), (Timespec{0, 0}));
}

TEST(Timekeeper, TheTimezoneReachesThePage) {
    Host host;
    EXPECT_EQ(host.page.header.timezone_is_set, 1U) << "0, 0 is Linux's own first answer";
    ASSERT_TRUE(host.keeper.set_timezone({-120, 1}));
    EXPECT_EQ(host.page.header.timezone_minutes_west, -120);
    EXPECT_EQ(host.page.header.timezone_dst, 1);
    EXPECT_EQ(host.keeper.timezone(), (kit::Timezone{-120, 1}));
    EXPECT_EQ(host.keeper.set_timezone({901, 0}).error(), TimeError::timezone_out_of_range);
    EXPECT_EQ(host.keeper.set_timezone({-901, 0}).error(), TimeError::timezone_out_of_range);
    EXPECT_EQ(host.keeper.set_timezone({INT32_MIN, 0}).error(), TimeError::timezone_out_of_range);
    EXPECT_EQ(host.page.header.timezone_minutes_west, -120);
}

TEST(Timekeeper, ResolutionsAreOneNanosecondAndTheTick) {
    Host const ticking({.tick_nanoseconds = 4'000'000});
    EXPECT_EQ(ticking.keeper.resolution(ClockId::monotonic).value().value, 1U);
    EXPECT_EQ(ticking.keeper.resolution(ClockId::realtime_coarse).value().value, 4'000'000U);
    EXPECT_EQ(ticking.page.header.resolution, 1U);
    EXPECT_EQ(ticking.page.header.coarse_resolution, 4'000'000U);
    Host const tickless;
    EXPECT_EQ(tickless.keeper.resolution(ClockId::realtime_coarse).value().value, 1U);
    EXPECT_EQ(tickless.page.header.coarse_resolution, 1U);
}

TEST(Timekeeper, RatesBeyondFiveHundredPpmAreRefused) {
    Host host;
    for (i32 const ppb : {500'001, -500'001, INT32_MAX, INT32_MIN})
        EXPECT_EQ(host.keeper.slew_frequency({ppb}).error(), TimeError::rate_out_of_range) << ppb;
    EXPECT_EQ(host.keeper.frequency().value, 0);
    EXPECT_TRUE(host.keeper.slew_frequency({-500'000}));
    EXPECT_EQ(host.keeper.frequency().value, -500'000);
}

TEST(Timekeeper, OffsetsBeyondAdjtimesLimitAreRefused) {
    Host host;
    for (i64 const ns : {i64{2'145'000'000'001}, i64{-2'145'000'000'001}, INT64_MAX, INT64_MIN})
        EXPECT_EQ(host.keeper.slew_offset({ns}).error(), TimeError::offset_out_of_range) << ns;
    EXPECT_EQ(host.keeper.remaining_offset().value, 0);
    EXPECT_TRUE(host.keeper.slew_offset({-2'145'000'000'000}));
}

TEST(Timekeeper, AnotherClocksourceGoesOnWhereTheOldOneWas) {
    Host host({.tick_nanoseconds = 1'000'000, .counter_at_start = 77});
    arch::fake.physical_ahead = u64{1} << 63;
    Host::pass_nanoseconds(1'500'000'000);
    ASSERT_TRUE(host.keeper.change_clocksource({62'500'000, 56, CounterKind::physical_count}));
    EXPECT_EQ(host.page.clocks[1].state, abi::state_of(abi::ClockMode::physical_counter));
    EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{1, 500'000'000}));
    Host::pass(62'500'000);
    EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{2, 500'000'000}));
    EXPECT_EQ(host.vdso(ClockId::monotonic_raw), (Timespec{2, 500'000'000}));
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'700'000'002, 500'000'000}));
    EXPECT_EQ(host.keeper.change_clocksource({0, 64}).error(), TimeError::frequency_out_of_range);
    EXPECT_EQ(host.keeper.change_clocksource({1000, 64, CounterKind{9}}).error(),
              TimeError::no_such_counter);
    EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{2, 500'000'000}));
}

TEST(Timekeeper, TheNextUpdateLiesWithinTheCountersRange) {
    Host const wide({.frequency = 1'000'000'000});
    EXPECT_GE(wide.keeper.next_update().after.value, u64{34} * 31'536'000 * 1'000'000'000);
    Host const narrow(
        {.frequency = 1'000'000, .counter_bits = 32, .counter_at_start = 0xffff'fff0});
    EXPECT_EQ(narrow.keeper.next_update().counter.value, 0x7fff'fff0U) << "within its width";
    EXPECT_EQ(narrow.keeper.next_update().after.value, 2'147'483'647'999U) << "rounded down";
}

}  // namespace
}  // namespace vdsokit::test
