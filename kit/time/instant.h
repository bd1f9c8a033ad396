// SPDX-License-Identifier: BSD-2-Clause
// Sums and conversions of instants. abi::Instant (2^-64 s) is what the time page holds;
// PreciseInstant carries 64 more bits, so that what the Timekeeper itself keeps does not collect
// the page's rounding. Negative spans are two's complement: seconds is floor, fractions are >= 0.
#pragma once

#include "abi/conversion.h"
#include "kit/time/long_division.h"
#include "kit/time/units.h"

namespace vdsokit::kit {

struct PreciseInstant {
    i64 seconds;
    u64 fraction;  // 2^-64 s
    u64 sub;       // 2^-128 s
    friend constexpr bool operator==(PreciseInstant, PreciseInstant) = default;
};

// Seconds wrap at 64 bits, 292 * 10^9 years; callers keep times within Linux's limits.
constexpr PreciseInstant sum(PreciseInstant a, PreciseInstant b) {
    PreciseInstant out{};
    u64 const from_sub = __builtin_add_overflow(a.sub, b.sub, &out.sub) ? 1 : 0;
    u64 carry = __builtin_add_overflow(a.fraction, b.fraction, &out.fraction) ? 1 : 0;
    carry += __builtin_add_overflow(out.fraction, from_sub, &out.fraction) ? 1 : 0;
    out.seconds =
        static_cast<i64>(static_cast<u64>(a.seconds) + static_cast<u64>(b.seconds) + carry);
    return out;
}

constexpr PreciseInstant negated(PreciseInstant a) {
    PreciseInstant const complement{~a.seconds, ~a.fraction, ~a.sub};
    return sum(complement, {0, 0, 1});
}

constexpr PreciseInstant difference(PreciseInstant a, PreciseInstant b) {
    return sum(a, negated(b));
}

constexpr PreciseInstant precise(abi::Instant a) { return {a.seconds, a.fraction, 0}; }
constexpr abi::Instant truncated(PreciseInstant a) { return {a.seconds, a.fraction}; }

constexpr abi::Instant sum(abi::Instant a, abi::Instant b) {
    return truncated(sum(precise(a), precise(b)));
}
constexpr abi::Instant difference(abi::Instant a, abi::Instant b) {
    return truncated(difference(precise(a), precise(b)));
}

// Not operator<: equal members are not asked for, and abi::Instant stays a plain set of bytes.
constexpr bool before(abi::Instant a, abi::Instant b) {
    return a.seconds < b.seconds || (a.seconds == b.seconds && a.fraction < b.fraction);
}

// part / units of a second, rounded up, so that abi::units_of() gives exactly `part` back.
// Precondition: part < units.
constexpr u64 fraction_of(u64 part, u64 units) {
    return long_divide({part, units - 1}, 0, units).low;
}
static_assert(fraction_of(0, abi::nanoseconds_per_second) == 0);
static_assert(fraction_of(500'000'000, abi::nanoseconds_per_second) == u64{1} << 63);

// Precondition: time.nanoseconds < 10^9.
constexpr abi::Instant instant_of(Timespec time) {
    return {time.seconds, fraction_of(time.nanoseconds, abi::nanoseconds_per_second)};
}

// Rounded down, as clock_gettime does.
inline Timespec timespec_of(abi::Instant instant) {
    return {instant.seconds, abi::units_of(instant.fraction, abi::nanoseconds_per_second)};
}

constexpr Timespec timespec_of(Nanoseconds span) {
    u64 const seconds = long_divide({0, span.value}, 0, abi::nanoseconds_per_second).low;
    u64 const rest = span.value - seconds * abi::nanoseconds_per_second;
    return {static_cast<i64>(seconds), static_cast<u32>(rest)};
}

// Within 2^-128 s.
constexpr PreciseInstant precise(NanosecondOffset offset) {
    u64 const magnitude =
        offset.value < 0 ? u64{0} - static_cast<u64>(offset.value) : static_cast<u64>(offset.value);
    Timespec const span = timespec_of(Nanoseconds{magnitude});
    Wide const part = long_divide({0, span.nanoseconds}, 128, abi::nanoseconds_per_second);
    PreciseInstant const positive{span.seconds, part.high, part.low};
    return offset.value < 0 ? negated(positive) : positive;
}

// The nearest whole nanosecond. Precondition: the span is below 2^63 ns, 292 years.
inline NanosecondOffset nearest_nanoseconds(PreciseInstant span) {
    constexpr u64 half = fraction_of(1, 2 * abi::nanoseconds_per_second);
    bool const negative = span.seconds < 0;
    PreciseInstant const rounded = sum(negative ? negated(span) : span, {0, half, 0});
    u64 const magnitude = static_cast<u64>(rounded.seconds) * abi::nanoseconds_per_second +
                          abi::units_of(rounded.fraction, abi::nanoseconds_per_second);
    return {static_cast<i64>(negative ? u64{0} - magnitude : magnitude)};
}

}  // namespace vdsokit::kit
