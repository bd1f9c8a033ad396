// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/long_division.h"

#include <gtest/gtest.h>

#include "exact.h"

namespace vdsokit::test {
namespace {

Wide wide(u128 value) { return {static_cast<u64>(value >> 64), static_cast<u64>(value)}; }

TEST(LongDivision, AgreesWithTheCompilersDivisionOfAnySizes) {
    Random random(1);
    for (int round = 0; round < 20'000; ++round) {
        u128 const numerator = (static_cast<u128>(random.of_any_size(64)) << 64) | random.next();
        u64 const denominator = random.of_any_size(64) | 1;
        Wide const got = kit::long_divide(wide(numerator), 0, denominator);
        ASSERT_EQ(got, wide(numerator / denominator)) << round;
    }
}

TEST(LongDivision, PlacesAreBitsAfterThePoint) {
    Random random(2);
    for (int round = 0; round < 20'000; ++round) {
        u64 const denominator = random.of_any_size(64) | 1;
        u64 const numerator = random.next() % denominator;  // the quotient stays below 2^64
        u128 const shifted = static_cast<u128>(numerator) << 64;
        ASSERT_EQ(kit::long_divide({0, numerator}, 64, denominator), wide(shifted / denominator));
    }
}

TEST(LongDivision, ARemainderThatLeavesTheWordIsNotLost) {
    // 2^127 / (2^64 - 1): every other step of the remainder needs a 65th bit.
    u64 const largest = ~u64{0};
    EXPECT_EQ(kit::long_divide({u64{1} << 63, 0}, 0, largest),
              wide((static_cast<u128>(1) << 127) / largest));
    EXPECT_EQ(kit::long_divide({0, largest - 1}, 128, largest), (Wide{largest - 1, largest - 1}));
}

}  // namespace
}  // namespace vdsokit::test
