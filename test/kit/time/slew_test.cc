// SPDX-License-Identifier: BSD-2-Clause
// Slewing: by frequency, by offset, on time and late. Raw never takes part.
#include <gtest/gtest.h>

#include "host.h"

namespace vdsokit::test {
namespace {

constexpr u64 frequencies[] = {1'000'000, 16'777'217, 62'500'000, 1'000'000'000, 9'999'999'967};

// When no slew is on its way, the next update is the re-base of a counter's range: decades away.
constexpr u64 five_years = u64{5} * 31'536'000 * abi::nanoseconds_per_second;

struct OffsetCase {
    i64 nanoseconds;
    u64 least_seconds;  // the slew lasts that long, and less than one more second
    char const* reason;
};

constexpr OffsetCase offsets[] = {
    {1, 1, "the smallest, over one second"},
    {-1, 1, "the smallest back"},
    {123'457, 1, "slower than 500 ppm, over one second"},
    {499'999, 1, "just not at 500 ppm"},
    {-500'001, 1, "at 500 ppm, backwards"},
    {500'000'000, 1000, "half a second at 500 ppm"},
    {-999'999'999, 1999, "a second back"},
    {2'145'000'000'000, 4'290'000, "adjtime's limit: 50 days"},
    {-2'145'000'000'000, 4'290'000, "and back"},
};

TEST(Slew, AnOffsetTotalsExactlyWhatWasAsked) {
    for (u64 const frequency : frequencies) {
        for (OffsetCase const& c : offsets) {
            Host host({.frequency = frequency, .monotonic = {5'000, 0}});
            ASSERT_TRUE(host.keeper.slew_offset({c.nanoseconds}));
            EXPECT_EQ(host.keeper.remaining_offset().value, c.nanoseconds);
            u64 const duration = host.keeper.next_update().counter.value - arch::fake.counter;
            // It ends 2^-33 s early, which the last re-base adds: 0.23 us at 500 ppm.
            EXPECT_GE(duration, c.least_seconds * frequency - frequency / 1'000'000) << c.reason;
            EXPECT_LT(duration, (c.least_seconds + 1) * frequency) << c.reason;

            Host::pass(duration);
            host.keeper.advance();
            EXPECT_EQ(host.keeper.remaining_offset().value, 0) << c.reason;
            i128 const expected =
                ticks_of_nanoseconds(i128{5'000} * 1'000'000'000 + c.nanoseconds) +
                exact_span(duration, frequency);
            i128 const error = host.ticks(ClockId::monotonic) - expected;
            EXPECT_LE(magnitude(error), 2) << in_nanoseconds(error) << " ns: " << c.reason;
            EXPECT_GE(host.keeper.next_update().after.value, five_years) << "nothing more is due";
        }
    }
}

TEST(Slew, AnOffsetNeverRunsFasterThanFiveHundredPpmOnTopOfTheFrequency) {
    for (u64 const frequency : frequencies) {
        for (i32 const ppb : {-500'000, 0, 500'000}) {
            for (i64 const offset : {i64{2'000'000'000'000}, i64{-2'000'000'000'000}}) {
                Host host({.frequency = frequency});
                ASSERT_TRUE(host.keeper.slew_frequency({ppb}));
                ASSERT_TRUE(host.keeper.slew_offset({offset}));
                u64 const cycles = frequency * 1000;
                Host::pass(cycles);
                i128 const gained =
                    host.ticks(ClockId::monotonic) - exact_span(cycles, frequency, ppb);
                i128 const limit = ticks_of_nanoseconds(500'000'000);  // 1000 s at 500 ppm
                EXPECT_LE(magnitude(gained), limit + 2);
                EXPECT_GE(magnitude(gained), limit - one_nanosecond) << "and not slower either";
                EXPECT_EQ(gained > 0, offset > 0);
                EXPECT_EQ(host.keeper.remaining_offset().value,
                          offset > 0 ? 1'999'500'000'000 : -1'999'500'000'000);
            }
        }
    }
}

TEST(Slew, ALateHostIsMadeUpForBySlewingBackAndTheTotalIsStillExact) {
    Random random(8);
    for (u64 const frequency : frequencies) {
        for (OffsetCase const& c : offsets) {
            Host host({.frequency = frequency, .monotonic = {5'000, 0}});
            ASSERT_TRUE(host.keeper.slew_offset({c.nanoseconds}));
            u64 passed = 0;
            int rounds = 0;
            while (host.keeper.next_update().after.value < five_years) {
                ASSERT_LT(++rounds, 60) << "it does not converge: " << c.reason;
                u64 const until = host.keeper.next_update().counter.value - arch::fake.counter;
                u64 const late = random.below(frequency / 4);  // up to 250 ms
                Host::pass(until + late);
                passed += until + late;
                i128 const before = host.ticks(ClockId::monotonic);
                host.keeper.advance();
                i128 const stepped = host.ticks(ClockId::monotonic) - before;
                ASSERT_GE(stepped, 0) << "back: " << c.reason;
                ASSERT_LE(stepped, i128{1} << 32) << "a step: " << c.reason;
            }
            i128 const expected =
                ticks_of_nanoseconds(i128{5'000} * 1'000'000'000 + c.nanoseconds) +
                exact_span(passed, frequency);
            i128 const error = host.ticks(ClockId::monotonic) - expected;
            EXPECT_LE(magnitude(error), 2) << in_nanoseconds(error) << " ns: " << c.reason;
        }
    }
}

TEST(Slew, AHostThatComesYearsLateIsStillMadeUpFor) {
    Host host({.frequency = 62'500'000});
    ASSERT_TRUE(host.keeper.slew_offset({1'000'000'000}));
    u64 const years = u64{62'500'000} * 31'536'000 * 20;
    Host::pass(years);
    i128 const before = host.ticks(ClockId::monotonic);
    host.keeper.advance();
    EXPECT_LE(host.ticks(ClockId::monotonic) - before, i128{1} << 32);
    EXPECT_GE(host.ticks(ClockId::monotonic), before);
    EXPECT_LT(host.keeper.remaining_offset().value, 0) << "it ran too far";
    u64 passed = years;
    for (int round = 0; round < 4; ++round) {  // 20 years back, and the re-bases of raw in between
        u64 const until = host.keeper.next_update().counter.value - arch::fake.counter;
        Host::pass(until);
        passed += until;
        host.keeper.advance();
    }
    EXPECT_EQ(host.keeper.remaining_offset().value, 0);
    i128 const expected = ticks_of_nanoseconds(1'000'000'000) + exact_span(passed, 62'500'000);
    EXPECT_LE(magnitude(host.ticks(ClockId::monotonic) - expected), 2);
}

TEST(Slew, ANewOffsetReplacesWhatIsLeftOfTheOldOne) {
    Host host({.frequency = 1'000'000'000});
    EXPECT_EQ(host.keeper.slew_offset({1'000'000'000}).value().value, 0);
    Host::pass(u64{1'000'000'000} * 400);  // 400 s at 500 ppm: 0.2 s
    EXPECT_EQ(host.keeper.remaining_offset().value, 800'000'000);
    EXPECT_EQ(host.keeper.slew_offset({-50'000'000}).value().value, 800'000'000);
    EXPECT_EQ(host.keeper.remaining_offset().value, -50'000'000);
    host.pass_with_deadlines(u64{1'000'000'000} * 600);
    EXPECT_EQ(host.keeper.remaining_offset().value, 0);
    i128 const expected = ticks_of_nanoseconds(1'000'150'000'000);  // 1000 s + 0.2 s - 0.05 s
    EXPECT_LE(in_nanoseconds(magnitude(host.ticks(ClockId::monotonic) - expected)), 0.001);
}

TEST(Slew, AnOffsetOfZeroCancels) {
    Host host({.frequency = 1'000'000'000});
    ASSERT_TRUE(host.keeper.slew_offset({1'000'000'000}));
    Host::pass(u64{1'000'000'000} * 10);
    EXPECT_EQ(host.keeper.slew_offset({0}).value().value, 995'000'000);
    i128 const before = host.ticks(ClockId::monotonic);
    Host::pass(u64{1'000'000'000} * 10);
    EXPECT_LE(magnitude(host.ticks(ClockId::monotonic) - before - (i128{10} << 64)), 20)
        << "2^-63 a second";
}

TEST(Slew, AnOffsetGoesOnThroughAChangeOfFrequencyAndOfClocksource) {
    Host host({.frequency = 1'000'000'000});
    ASSERT_TRUE(host.keeper.slew_offset({1'000'000'000}));
    Host::pass(u64{1'000'000'000} * 500);
    ASSERT_TRUE(host.keeper.slew_frequency({100'000}));
    Host::pass(u64{1'000'000'000} * 500);
    EXPECT_EQ(host.keeper.remaining_offset().value, 500'000'000);
    ASSERT_TRUE(host.keeper.change_clocksource({62'500'000, 56}));
    EXPECT_EQ(host.keeper.remaining_offset().value, 500'000'000);
    u64 passed = 0;
    while (host.keeper.remaining_offset().value != 0) {
        u64 const until = host.keeper.next_update().counter.value - arch::fake.counter;
        Host::pass(until);
        passed += until;
        host.keeper.advance();
    }
    i128 const expected = exact_span(u64{1'000'000'000} * 500, 1'000'000'000) +
                          exact_span(u64{1'000'000'000} * 500, 1'000'000'000, 100'000) +
                          exact_span(passed, 62'500'000, 100'000) +
                          ticks_of_nanoseconds(1'000'000'000);
    i128 const error = host.ticks(ClockId::monotonic) - expected;
    EXPECT_LE(magnitude(error), 4) << in_nanoseconds(error) << " ns";
}

TEST(Slew, AllClocksButRawAreSlewedAlike) {
    Host host({.frequency = 1'000'000'000});
    ASSERT_TRUE(host.keeper.set_tai_offset(37));
    ASSERT_TRUE(host.keeper.add_suspend({500}));
    i128 const to_boottime = host.ticks(ClockId::boottime) - host.ticks(ClockId::monotonic);
    i128 const to_realtime = host.ticks(ClockId::realtime) - host.ticks(ClockId::monotonic);
    i128 const to_tai = host.ticks(ClockId::tai) - host.ticks(ClockId::monotonic);
    ASSERT_TRUE(host.keeper.slew_frequency({-321'000}));
    ASSERT_TRUE(host.keeper.slew_offset({77'000'000}));
    for (int round = 0; round < 20; ++round) {
        host.pass_with_deadlines(12'345'678'901);
        i128 const monotonic = host.ticks(ClockId::monotonic);
        ASSERT_TRUE(host.ticks(ClockId::boottime) - monotonic == to_boottime);
        ASSERT_TRUE(host.ticks(ClockId::realtime) - monotonic == to_realtime);
        ASSERT_TRUE(host.ticks(ClockId::tai) - monotonic == to_tai);
    }
    i128 const error =
        host.ticks(ClockId::monotonic_raw) - exact_span(u64{12'345'678'901} * 20, 1'000'000'000);
    EXPECT_LE(magnitude(error), 1000) << "raw is not slewed";
}

TEST(Slew, ATickingHostNeedsNoAdvance) {
    Host host({.frequency = 1'000'000'000, .tick_nanoseconds = 10'000'000});
    ASSERT_TRUE(host.keeper.slew_offset({3'000'000}));
    for (int round = 0; round < 1000; ++round) {
        Host::pass(10'000'000);
        host.keeper.tick();
    }
    EXPECT_EQ(host.keeper.remaining_offset().value, 0);
    i128 const error = host.ticks(ClockId::monotonic) - ticks_of_nanoseconds(10'003'000'000);
    EXPECT_LE(magnitude(error), 2) << in_nanoseconds(error) << " ns";
}

}  // namespace
}  // namespace vdsokit::test
