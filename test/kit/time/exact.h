// SPDX-License-Identifier: BSD-2-Clause
// What clocks should say, by exact integer arithmetic that shares nothing with the code under test.
#pragma once

#include <cstdint>

#include "arch/types.h"
#include "kit/time/instant.h"

namespace vdsokit::test {

__extension__ using i128 = __int128;
__extension__ using u128 = unsigned __int128;

// 2^-64 s, as one number: exact for +-292 * 10^9 years.
constexpr i128 ticks_of(abi::Instant at) {
    return (static_cast<i128>(at.seconds) << 64) + static_cast<i128>(at.fraction);
}
constexpr i128 ticks_of_nanoseconds(i128 nanoseconds) {
    i128 const billion = 1'000'000'000;
    i128 const whole = nanoseconds / billion;
    i128 const rest = nanoseconds % billion;
    return (whole << 64) + (rest << 64) / billion;
}
inline constexpr i128 one_nanosecond = ticks_of_nanoseconds(1);

// cycles / frequency * (1 + ppb / 10^9), rounded down to 2^-64 s.
// Precondition: frequency <= 18 GHz, so that 10^9 * frequency is below 2^64.
constexpr i128 exact_span(u64 cycles, u64 frequency, i32 ppb = 0) {
    u128 const divisor = static_cast<u128>(1'000'000'000) * frequency;
    u128 const dividend = static_cast<u128>(cycles) * static_cast<u128>(1'000'000'000 + ppb);
    u128 const whole = dividend / divisor;
    u128 const rest = dividend % divisor;
    // rest < 2^64, so its shift fits.
    return static_cast<i128>((whole << 64) + (rest << 64) / divisor);
}

constexpr i128 magnitude(i128 value) { return value < 0 ? -value : value; }

// For messages: EXPECT_EQ cannot print 128 bits.
inline double in_nanoseconds(i128 ticks) {
    return static_cast<double>(ticks) / static_cast<double>(one_nanosecond);
}

// Deterministic, seeded by the test's name of the case.
class Random {
public:
    explicit Random(u64 seed) : state_(seed * 0x9e37'79b9'7f4a'7c15 + 1) {}
    u64 next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ * 0x2545'f491'4f6c'dd1d;
    }
    u64 below(u64 limit) { return next() % limit; }
    // Uniform in the number of bits rather than in value: small and huge alike.
    u64 of_any_size(u32 bits) {
        u64 const width = below(bits) + 1;
        return next() >> (64 - width);
    }

private:
    u64 state_;
};

}  // namespace vdsokit::test
