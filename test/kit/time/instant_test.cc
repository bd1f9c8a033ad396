// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/instant.h"

#include <gtest/gtest.h>

#include "host.h"

namespace vdsokit::test {
namespace {

using kit::PreciseInstant;

TEST(Instant, EveryNanosecondSurvivesTheFraction) {
    u64 const billion = abi::nanoseconds_per_second;
    for (u64 part = 0; part < billion; part += 997)
        ASSERT_EQ(abi::units_of(kit::fraction_of(part, billion), billion), part);
    ASSERT_EQ(abi::units_of(kit::fraction_of(billion - 1, billion), billion), billion - 1);
}

TEST(Instant, EveryMicrosecondSurvivesAFractionThatCameFromNanoseconds) {
    for (u64 part = 0; part < abi::microseconds_per_second; part += 7) {
        u64 const fraction = kit::fraction_of(part * 1000, abi::nanoseconds_per_second);
        ASSERT_EQ(abi::units_of(fraction, abi::microseconds_per_second), part);
    }
}

TEST(Instant, CarriesRunThroughAllThreeWords) {
    PreciseInstant const almost{-1, ~u64{0}, ~u64{0}};
    EXPECT_EQ(kit::sum(almost, {0, 0, 1}), (PreciseInstant{0, 0, 0}));
    EXPECT_EQ(kit::negated({0, 0, 1}), almost);
    EXPECT_EQ(kit::difference({0, 0, 0}, {5, 1, 0}), (PreciseInstant{-6, ~u64{0}, 0}));
    EXPECT_EQ(kit::sum({0, ~u64{0}, ~u64{0}}, {0, ~u64{0}, 1}), (PreciseInstant{1, ~u64{0}, 0}));
}

TEST(Instant, OffsetsOfAnySizeComeBackToTheNanosecond) {
    for (i64 const offset :
         {i64{0}, i64{1}, i64{-1}, i64{999'999'999}, i64{-1'000'000'000}, i64{2'145'000'000'000},
          i64{-2'145'000'000'000}, i64{9'000'000'000'000'000'001}, i64{-9'000'000'000'000'000'001}})
        EXPECT_EQ(kit::nearest_nanoseconds(kit::precise(kit::NanosecondOffset{offset})).value,
                  offset);
}

TEST(Instant, SpansOfNanosecondsSplitIntoSeconds) {
    EXPECT_EQ(kit::timespec_of(kit::Nanoseconds{999'999'999}), (Timespec{0, 999'999'999}));
    EXPECT_EQ(kit::timespec_of(kit::Nanoseconds{~u64{0}}), (Timespec{18'446'744'073, 709'551'615}));
}

TEST(Instant, OrderIsBySecondsThenFraction) {
    EXPECT_TRUE(kit::before({1, ~u64{0}}, {2, 0}));
    EXPECT_TRUE(kit::before({-1, 5}, {0, 0}));
    EXPECT_TRUE(kit::before({1, 4}, {1, 5}));
    EXPECT_FALSE(kit::before({1, 5}, {1, 5}));
}

}  // namespace
}  // namespace vdsokit::test
