// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/scale.h"

#include <gtest/gtest.h>

#include "exact.h"

namespace vdsokit::test {
namespace {

using kit::Clocksource;
using kit::Scale;
using kit::TimeError;

struct ScaleCase {
    u64 frequency;
    u32 counter_bits;
    u32 shift;
    char const* reason;
};

constexpr ScaleCase scales[] = {
    {1'000'000, 64, 13, "2^32 <= frequency << shift < 2^33"},
    {24'000'000, 64, 8, "Apple and Rockchip timers"},
    {62'500'000, 64, 7, "QEMU's virt board: 8 * 10^9 is below 2^33"},
    {62'500'000, 56, 8, "a 56-bit counter needs its top bit at the top of the word"},
    {1'000'000'000, 64, 3, "Armv8.6"},
    {10'000'000'000, 64, 0, "above 2^33 there is nothing left to shift"},
    {16'777'216, 64, 9, "2^24 << 8 = 2^32 would make mult 2^64, one too many for its word"},
    {16'777'217, 64, 9, "just above: mult would not grow by 1000 ppm"},
    {1, 64, 33, "the slowest"},
    {1'000'000'000, 32, 32, "a 32-bit counter"},
};

TEST(Scale, ShiftNormalisesOrCutsTheWidth) {
    for (ScaleCase const& c : scales) {
        auto const scale = Scale::of({.frequency = c.frequency, .counter_bits = c.counter_bits});
        ASSERT_TRUE(scale) << c.reason;
        EXPECT_EQ(scale.value().shift, c.shift) << c.frequency << ": " << c.reason;
    }
}

TEST(Scale, MultIsTheQuotientRoundedDown) {
    Random random(3);
    for (int round = 0; round < 5000; ++round) {
        u64 const frequency = 1 + random.below(kit::highest_frequency);
        auto const scale = Scale::of({.frequency = frequency, .counter_bits = 64});
        ASSERT_TRUE(scale);
        u64 const second = frequency << scale.value().shift;
        ASSERT_EQ(second >> scale.value().shift, frequency);
        u128 const exact = (static_cast<u128>(1) << 96) / second;
        ASSERT_EQ(exact >> 64, 0U) << frequency;
        ASSERT_EQ(scale.value().mult, static_cast<u64>(exact)) << frequency;
    }
}

TEST(Scale, TheFastestRateStillFitsItsWord) {
    Random random(4);
    for (u32 power = 0; power <= 33; ++power) {
        for (u64 const by : {u64{0}, u64{1}, u64{2}, random.of_any_size(20)}) {
            u64 const frequency = (u64{1} << power) + by;
            auto const scale = Scale::of({.frequency = frequency, .counter_bits = 64});
            ASSERT_TRUE(scale);
            u64 const nominal = scale.value().mult;
            u64 const faster = scale.value().rate({kit::rate_limit_ppb}).high;
            u64 const slower = scale.value().rate({-kit::rate_limit_ppb}).high;
            ASSERT_LT(slower, nominal) << frequency;
            ASSERT_GT(faster, nominal) << frequency;
            ASSERT_GE(faster + (faster - nominal), faster) << frequency << " overflows when slewed";
        }
    }
}

TEST(Scale, ARateHasSixtyFourBitsMoreThanMult) {
    auto const scale = Scale::of({.frequency = 3, .counter_bits = 64});
    ASSERT_TRUE(scale);
    // 2^96 / (3 << 31) = 2^65 / 3 = 0xaaaa... . aaaa...
    EXPECT_EQ(scale.value().rate({0}), (Wide{0xaaaa'aaaa'aaaa'aaaa, 0xaaaa'aaaa'aaaa'aaaa}));
}

struct RefusedCase {
    Clocksource source;
    TimeError error;
    char const* reason;
};

constexpr RefusedCase refused[] = {
    {{0, 64}, TimeError::frequency_out_of_range, "nothing to count"},
    {{18'000'000'001, 64}, TimeError::frequency_out_of_range, "10^9 times it leaves the word"},
    {{~u64{0}, 64}, TimeError::frequency_out_of_range, "what firmware says that says nothing"},
    {{1'000'000, 0}, TimeError::counter_bits_out_of_range, "no counter"},
    {{1'000'000, 65}, TimeError::counter_bits_out_of_range, "wider than the word"},
    {{1'000'000, 20}, TimeError::counter_wraps_too_soon, "wraps in 1.05 s"},
    {{1'048'576, 20}, TimeError::counter_wraps_too_soon, "wraps in 1 s exactly"},
};

TEST(Scale, CountersThatCannotBeKeptAreRefused) {
    for (RefusedCase const& c : refused) {
        auto const scale = Scale::of(c.source);
        ASSERT_FALSE(scale) << c.reason;
        EXPECT_EQ(scale.error(), c.error) << c.reason;
    }
    EXPECT_TRUE(Scale::of({.frequency = 1'048'576, .counter_bits = 21})) << "wraps in 2 s";
    EXPECT_TRUE(Scale::of({.frequency = kit::highest_frequency, .counter_bits = 64}));
}

}  // namespace
}  // namespace vdsokit::test
