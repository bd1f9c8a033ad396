// SPDX-License-Identifier: BSD-2-Clause
// Division of wide numbers, one bit at a time, so that it needs no helper from a compiler's library
// (a 128-bit `/` would call __udivti3, on a 32-bit CPU a 64-bit one __aeabi_uldivmod). It runs when
// a rate changes, not when a clock is read; 300 steps are about half a microsecond.
#pragma once

#include "arch/types.h"

namespace vdsokit::kit {

// floor(numerator * 2^places / denominator).
// Precondition: denominator != 0, and the quotient is below 2^128.
constexpr Wide long_divide(Wide numerator, u32 places, u64 denominator) {
    Wide quotient{0, 0};
    u64 remainder = 0;
    for (u32 step = 0; step < 128 + places; ++step) {
        bool const carry = (remainder >> 63) != 0;
        remainder = (remainder << 1) | (numerator.high >> 63);
        numerator = {(numerator.high << 1) | (numerator.low >> 63), numerator.low << 1};
        quotient = {(quotient.high << 1) | (quotient.low >> 63), quotient.low << 1};
        // With a carry the remainder is 2^64 more than the word says, and so above any denominator.
        if (carry || remainder >= denominator) {
            remainder -= denominator;
            quotient.low |= 1;
        }
    }
    return quotient;
}
static_assert(long_divide({0, 100}, 0, 7) == Wide{0, 14});
static_assert(long_divide({0, 1}, 64, 10) == Wide{0, 0x1999'9999'9999'9999});
static_assert(long_divide({~u64{0}, ~u64{0}}, 0, ~u64{0}) == Wide{1, 1});
static_assert(long_divide({0, ~u64{0}}, 64, ~u64{0}) == Wide{1, 0});

}  // namespace vdsokit::kit
