// SPDX-License-Identifier: BSD-2-Clause
// The page's arithmetic against exact division in 128 bits.
#include "abi/conversion.h"

#include <gtest/gtest.h>

#include <random>

namespace vdsokit::abi {
namespace {

__extension__ using u128 = unsigned __int128;

constexpr u64 year = 31'557'600;

// A line for a counter of `bits` bits, made the way conversion.h says.
LineValues line_for(u64 frequency, u32 bits = 64) {
    u32 shift = 64 - bits;
    while ((frequency << shift) <= (u64{1} << 32)) ++shift;
    u128 const scaled_second = u128{frequency} << shift;
    u128 const mult = (u128{1} << 96) / scaled_second;
    return {.cycle_last = 0,
            .mult = static_cast<u64>(mult),
            .base_fraction = 0,
            .base_seconds = 0,
            .shift = shift};
}

// In 2^-64 s, as far as 128 bits reach.
u128 exact(u64 cycles, u64 frequency) {
    return (u128{cycles / frequency} << 64) + (u128{cycles % frequency} << 64) / frequency;
}
u128 wide(Instant instant) {
    return (u128{static_cast<u64>(instant.seconds)} << 64) | instant.fraction;
}

TEST(Conversion, ErrsLessThanANanosecondAYearAtAnyFrequencyAfterAnyPause) {
    std::mt19937_64 random(20'240'229);
    constexpr u64 frequencies[] = {1'000'000,     1'000'003,     1'048'576,     19'200'000,
                                   24'000'000,    62'500'000,    999'999'937,   1'000'000'000,
                                   3'579'545'000, 4'294'967'296, 9'999'999'967, 10'000'000'000};
    for (int i = 0; i < 400'000; ++i) {
        u64 frequency = 1'000'000 + random() % 9'999'000'001;
        if (i % 4 == 0) frequency = frequencies[random() % std::size(frequencies)];
        LineValues const line = line_for(frequency);
        // Half of the pauses are of any length up to the whole reach, half of any magnitude.
        u64 const reach = ~u64{0} >> line.shift;
        u64 const elapsed = i % 2 == 0 ? random() % reach : reach >> (random() % 64);
        u128 const here = wide(instant_at(line, {elapsed}));
        u128 const there = exact(elapsed, frequency);
        ASSERT_LE(here, there) << "never ahead: " << frequency << " Hz, " << elapsed;
        u128 const nanosecond = (u128{1} << 64) / nanoseconds_per_second;
        u128 const allowed = nanosecond * (elapsed / frequency) / year + 16;
        ASSERT_LE(there - here, allowed) << frequency << " Hz, " << elapsed << " cycles";
    }
}

TEST(Conversion, ReachesSixtyEightYearsWithoutAPublish) {
    for (u64 const frequency : {u64{1'000'000}, u64{62'500'000}, u64{1'000'000'000}}) {
        LineValues const line = line_for(frequency);
        constexpr u64 seconds = 68 * year - u64{4} * 24 * 3600;
        u64 const elapsed = frequency * seconds;
        ASSERT_LT(elapsed, ~u64{0} >> line.shift);
        EXPECT_EQ(instant_at(line, {elapsed}).seconds, i64{seconds} - 1)
            << "rounded down by a fraction of a nanosecond";
        EXPECT_GT(units_of(instant_at(line, {elapsed}).fraction, nanoseconds_per_second),
                  999'999'998u);
    }
}

struct MaskCase {
    u32 bits;
    u64 last;
    u64 now;
    u64 elapsed;
    char const* reason;
};

TEST(Conversion, ACounterOfFewerBitsWrapsWithoutANotice) {
    constexpr u64 top56 = (u64{1} << 56) - 1;
    constexpr u64 top40 = (u64{1} << 40) - 1;
    constexpr MaskCase cases[] = {
        {56, top56, 0, 1, "from the last value to 0"},
        {56, top56 - 999, 1000, 2000, "over the wrap"},
        {56, 5, 5 + (u64{1} << 55), u64{1} << 55, "half of the range at once"},
        {56, top56, top56 | (u64{0xff} << 56), 0, "bits above the width mean nothing"},
        {56, 10, (u64{0xa5} << 56) | 30, 20, "likewise, and they are not 0"},
        {40, top40, 99, 100, "a counter that wraps every 18 minutes at 1 GHz"},
        {64, ~u64{0}, 4, 5, "the full width wraps too"},
    };
    constexpr u64 frequency = 1'000'000'000;
    for (MaskCase const& c : cases) {
        LineValues line = line_for(frequency, c.bits);
        line.cycle_last = c.last;
        Instant const instant = instant_at(line, {c.now});
        u128 const difference = exact(c.elapsed, frequency) - wide(instant);
        EXPECT_LE(difference, u128{1} << 34) << c.reason;  // a nanosecond
    }
}

TEST(Conversion, CarriesFromTheFractionIntoTheSeconds) {
    LineValues line = line_for(1'000'000'000);
    line.base_seconds = 41;
    line.base_fraction = ~u64{0};
    EXPECT_EQ(instant_at(line, {0}), (Instant{41, ~u64{0}}));
    EXPECT_EQ(instant_at(line, {1}).seconds, 42);
}

TEST(Conversion, TimeBeforeTheEpochIsANegativeSecondAndAPositiveFraction) {
    LineValues line = line_for(1'000'000'000);
    line.base_seconds = -2;
    line.base_fraction = u64{1} << 63;
    Instant const instant = instant_at(line, {600'000'000});
    EXPECT_EQ(instant.seconds, -1);
    EXPECT_NEAR(units_of(instant.fraction, nanoseconds_per_second), 100'000'000, 1);
}

TEST(Conversion, AShiftThatNoHostWritesIsNotUndefined) {
    LineValues line = line_for(1'000'000'000);
    line.shift = 0xffff'ffff;  // 63 of it counts
    line.base_seconds = 7;
    EXPECT_GE(instant_at(line, {2}).seconds, 7);
}

TEST(Conversion, UnitsStayBelowASecond) {
    EXPECT_EQ(units_of(~u64{0}, nanoseconds_per_second), 999'999'999u);
    EXPECT_EQ(units_of(~u64{0}, microseconds_per_second), 999'999u);
    EXPECT_EQ(units_of(0, nanoseconds_per_second), 0u);
    EXPECT_EQ(units_of(u64{1} << 63, nanoseconds_per_second), 500'000'000u);
}

TEST(Conversion, MicrosecondsAreNanosecondsCutOffAsLinuxDoes) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 100'000; ++i) {
        u64 const fraction = random();
        ASSERT_EQ(units_of(fraction, microseconds_per_second),
                  units_of(fraction, nanoseconds_per_second) / 1000);
    }
}

}  // namespace
}  // namespace vdsokit::abi
