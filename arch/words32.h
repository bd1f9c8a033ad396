// SPDX-License-Identifier: BSD-2-Clause
// 64-bit arithmetic for CPUs with 32-bit registers, without a call to a compiler's library. Used by
// the cpu.h of such a CPU.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch::words32 {

constexpr u32 low_half(u64 value) { return static_cast<u32>(value); }
constexpr u32 high_half(u64 value) { return static_cast<u32>(value >> 32); }
constexpr u64 joined(u32 high, u32 low) { return u64{high} << 32 | low; }

// Fits: (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1.
[[gnu::always_inline]] constexpr u64 multiply_add(u32 a, u32 b, u32 c, u32 d) {
    return u64{a} * b + c + d;
}

[[gnu::always_inline]] constexpr Wide multiply_wide(u64 a, u64 b) {
    u64 const lowest = u64{low_half(a)} * low_half(b);
    u64 const inner = multiply_add(low_half(a), high_half(b), high_half(lowest), 0);
    u64 const outer = multiply_add(high_half(a), low_half(b), low_half(inner), 0);
    u64 const highest =
        multiply_add(high_half(a), high_half(b), high_half(inner), high_half(outer));
    return {highest, joined(low_half(outer), low_half(lowest))};
}
static_assert(multiply_wide(~u64{0}, ~u64{0}) == Wide{~u64{0} - 1, 1});
static_assert(multiply_wide(0x1'0000'0001, 0xffff'ffff) == Wide{0, 0xffff'ffff'ffff'ffff});

// One bit at a time; the divisor is not 0. Far from any fast path.
constexpr Division divide(u64 dividend, u64 divisor) {
    u64 quotient = dividend;  // its bits leave on the left, those of the quotient come on the right
    u64 remainder = 0;
    for (u32 step = 0; step < 64; ++step) {
        bool const carry = (remainder >> 63) != 0;
        remainder = remainder << 1 | quotient >> 63;
        quotient <<= 1;
        if (!carry && remainder < divisor) continue;
        remainder -= divisor;
        quotient |= 1;
    }
    return {quotient, remainder};
}
static_assert(divide(100, 7) == Division{14, 2});
static_assert(divide(~u64{0}, 1) == Division{~u64{0}, 0});
static_assert(divide(~u64{0} - 1, ~u64{0}) == Division{0, ~u64{0} - 1});

}  // namespace vdsokit::arch::words32
