// SPDX-License-Identifier: BSD-2-Clause
// Counter cycles to time. An instant is seconds and a fraction in units of 2^-64 s, so that the
// split into seconds and nanoseconds needs no division:
//
//   scaled  = (counter - cycle_last) << shift        modulo 2^64: bits above the counter's width go
//   product = scaled * mult                          128 bits; mult = 2^96 / (frequency << shift)
//   instant = base + product >> 32                   seconds : fraction
//
// frequency << shift lies a little above 2^32 where shift allows, at most twice that: mult fits 64
// bits with room for steering and has 63 significant ones, so the relative error is below 2^-62,
// 0.007 ns a year. `scaled` holds 2^31 s less a little, 67.9 years, or the counter's own width if
// that ends first, with no publish in between.
#pragma once

#include "cpu.h"

#include "abi/time_page.h"

namespace vdsokit::abi {

inline constexpr u64 nanoseconds_per_second = 1'000'000'000;
inline constexpr u64 microseconds_per_second = 1'000'000;

struct Instant {
    i64 seconds;
    u64 fraction;  // 2^-64 s
    friend constexpr bool operator==(Instant, Instant) = default;
};

// The fields of a line that the arithmetic needs, as one consistent set.
struct LineValues {
    u64 cycle_last;
    u64 mult;
    u64 base_fraction;
    i64 base_seconds;
    u32 shift;
};

[[gnu::always_inline]] inline Instant instant_at(LineValues const& line, Cycles counter) {
    u64 const scaled = (counter.value - line.cycle_last) << (line.shift & 63);
    Wide const product = arch::multiply_wide(scaled, line.mult);
    u64 const fraction = (product.high << 32) | (product.low >> 32);
    u64 sum;
    u64 const carry = __builtin_add_overflow(fraction, line.base_fraction, &sum) ? 1 : 0;
    // Unsigned: seconds wrap like the kernel's, and overflow of a signed sum would be undefined.
    u64 const seconds = (product.high >> 32) + static_cast<u64>(line.base_seconds) + carry;
    return {static_cast<i64>(seconds), sum};
}

// 0 <= result < units; exact when the fraction came from fraction_of() with the same units.
[[gnu::always_inline]] inline u32 units_of(u64 fraction, u64 units) {
    return static_cast<u32>(arch::multiply_wide(fraction, units).high);
}

}  // namespace vdsokit::abi
