// SPDX-License-Identifier: BSD-2-Clause
// What other kernels' clocks got wrong, one test each, named by the defect.
#include <gtest/gtest.h>

#include "host.h"

namespace vdsokit::test {
namespace {

TEST(PeersDefect, TheSequenceCountPassesTwoToTheThirtyFirstAndWraps) {
    for (u32 const start : {0x7fff'fffaU, 0xffff'fffaU}) {
        Host host({.tick_nanoseconds = 1'000'000});
        for (abi::ClockLine& line : host.page.clocks) line.sequence = start;
        Timespec last{};
        for (int round = 0; round < 8; ++round) {
            Host::pass_nanoseconds(1'000'000);
            host.keeper.tick();
            ASSERT_TRUE(host.keeper.slew_frequency({round}));
            auto const now = host.vdso(ClockId::monotonic_coarse);
            ASSERT_TRUE(now) << "a count that is compared as a signed number stops here";
            ASSERT_LT(last, *now);
            ASSERT_EQ(host.vdso(ClockId::monotonic), host.call(ClockId::monotonic));
            last = *now;
        }
    }
}

TEST(PeersDefect, ACounterPastTwoToTheThirtyFirstOrSixtyThirdReadsAsAnyOther) {
    for (u64 const start :
         {u64{0x7fff'ff00}, u64{0xffff'ff00}, u64{0x7fff'ffff'ffff'ff00}, ~u64{0} - 0xff}) {
        Host host({.counter_at_start = start});
        for (u64 round = 1; round < 100; ++round) {
            Host::pass(8);
            Timespec const expected{0, static_cast<u32>(round * 4 - 1)};
            Timespec const seen = *host.vdso(ClockId::monotonic);
            ASSERT_TRUE(seen == expected || seen.nanoseconds == expected.nanoseconds + 1);
        }
        ASSERT_TRUE(host.keeper.slew_frequency({1000}));
        Host::pass_nanoseconds(1'000'000'000);
        ASSERT_EQ(host.vdso(ClockId::monotonic)->seconds, 1);
    }
}

TEST(PeersDefect, CoarseClocksOfAHostWithoutATickDoNotStandStill) {
    Host host;  // nothing is published after start
    Host::pass_nanoseconds(50'000'000'000);
    EXPECT_EQ(host.vdso(ClockId::realtime_coarse), (Timespec{1'700'000'050, 0}));
    EXPECT_EQ(host.vdso(ClockId::monotonic_coarse), (Timespec{50, 0}));
    EXPECT_EQ(host.vdso(ClockId::realtime_coarse), host.call(ClockId::realtime_coarse));
}

TEST(PeersDefect, ACoarseClockIsNeitherAheadOfItsSystemCallNorOfItsFineClock) {
    Host host({.tick_nanoseconds = 1'000'000});
    Random random(9);
    for (int round = 0; round < 2000; ++round) {
        Host::pass(random.of_any_size(22));
        if (random.below(3) == 0) host.keeper.tick();
        if (random.below(20) == 0)
            (void)host.keeper.slew_frequency({static_cast<i32>(random.below(1'000'001)) - 500'000});
        for (auto const& [coarse, fine] :
             {std::pair{ClockId::realtime_coarse, ClockId::realtime},
              std::pair{ClockId::monotonic_coarse, ClockId::monotonic}}) {
            ASSERT_EQ(host.vdso(coarse), host.call(coarse));
            ASSERT_LE(*host.vdso(coarse), *host.vdso(fine));
            ASSERT_LE(*host.vdso(coarse), host.call(fine));
        }
    }
}

TEST(PeersDefect, CoarseClocksDoNotStepBackWhenTheRateChanges) {
    Host host({.tick_nanoseconds = 1'000'000});
    Timespec last{};
    for (int round = 0; round < 200; ++round) {
        Host::pass_nanoseconds(400'000);
        ASSERT_TRUE(host.keeper.slew_frequency({round % 2 == 0 ? 500'000 : -500'000}));
        Timespec const now = *host.vdso(ClockId::monotonic_coarse);
        ASSERT_LE(last, now);
        last = now;
    }
    EXPECT_GT(last, (Timespec{0, 79'000'000}));
}

TEST(PeersDefect, TheResolutionIsNeverZero) {
    for (u64 const tick : {u64{0}, u64{1}, u64{1'000'000'000}}) {
        Host const host({.tick_nanoseconds = tick});
        for (ClockId const clock : all_clocks)
            EXPECT_NE(host.keeper.resolution(clock).value().value, 0U);
        EXPECT_NE(host.page.header.resolution, 0U);
        EXPECT_NE(host.page.header.coarse_resolution, 0U);
    }
}

TEST(PeersDefect, TaiAndRawAreFilledInAndNotZero) {
    Host const host({.monotonic = {10, 0}});
    EXPECT_EQ(host.vdso(ClockId::tai), (Timespec{1'700'000'000, 0}));
    EXPECT_EQ(host.vdso(ClockId::monotonic_raw), (Timespec{10, 0}));
}

TEST(PeersDefect, RawIsNotSlewed) {
    Host host;
    ASSERT_TRUE(host.keeper.slew_frequency({500'000}));
    ASSERT_TRUE(host.keeper.slew_offset({1'000'000'000}));
    Host::pass_nanoseconds(100'000'000'000);
    EXPECT_EQ(host.vdso(ClockId::monotonic_raw), (Timespec{100, 0}));
    EXPECT_EQ(host.vdso(ClockId::monotonic)->nanoseconds / 1'000'000, 100U);  // 1000 ppm of 100 s
}

TEST(PeersDefect, BoottimeIsNotMonotonicAfterASleep) {
    Host host;
    ASSERT_TRUE(host.keeper.add_suspend({3'000'000'000}));
    EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{0, 0}));
    EXPECT_EQ(host.vdso(ClockId::boottime), (Timespec{3, 0}));
}

TEST(PeersDefect, TheClockIdIsNotIgnored) {
    Host host;
    Host::pass_nanoseconds(5'000'000'000);
    EXPECT_EQ(host.vdso(ClockId::monotonic), (Timespec{5, 0}));
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'700'000'005, 0}));
    EXPECT_EQ(host.vdso(ClockId::process_cputime), std::nullopt);
}

TEST(PeersDefect, ALongPauseDoesNotOverflowTheMultiplication) {
    // 64-bit arithmetic with a mult of 32 bits ends after seconds to minutes.
    Host host({.frequency = 62'500'000});
    Host::pass(u64{62'500'000} * 31'536'000 * 60);
    EXPECT_EQ(host.vdso(ClockId::monotonic)->seconds, i64{31'536'000} * 60 - 1);
    EXPECT_EQ(host.vdso(ClockId::monotonic)->nanoseconds, 999'999'999U);
}

TEST(PeersDefect, AClockThatIsSetBeforeNineteenSeventyOrPastTheEndIsRefused) {
    Host host;
    EXPECT_FALSE(host.keeper.step_realtime({-1, 999'999'999}));
    EXPECT_FALSE(host.keeper.step_realtime({INT64_MAX, 999'999'999}));
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'700'000'000, 0}));
}

}  // namespace
}  // namespace vdsokit::test
