// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/steered_line.h"

#include "cpu.h"

namespace vdsokit::kit {

namespace {

// Scaled cycles wrap at 2^64; half of that leaves a late host as much time again.
constexpr u64 half_range = u64{1} << 63;

// A gap in front of the line that is closed at once: below 2^32 of these 2^-64 s.
constexpr u64 closed_at_once = u64{1} << 32;

// scaled cycles * rate. The product of three words counts 2^-160 s; the lowest 32 bits are dropped.
PreciseInstant span_of(u64 scaled, Wide rate) {
    Wide const coarse = arch::multiply_wide(scaled, rate.high);
    Wide const fine = arch::multiply_wide(scaled, rate.low);
    u64 middle;
    u64 const carry = __builtin_add_overflow(coarse.low, fine.high, &middle) ? 1 : 0;
    u64 const high = coarse.high + carry;  // the whole is below 2^192
    return {static_cast<i64>(high >> 32), (high << 32) | (middle >> 32),
            (middle << 32) | (fine.low >> 32)};
}

// In 2^-96 s, the unit of scaled cycles * mult. Precondition: 0 <= span < 2^32 s.
Wide product_units(PreciseInstant span) {
    return {(static_cast<u64>(span.seconds) << 32) | (span.fraction >> 32),
            (span.fraction << 32) | (span.sub >> 32)};
}

}  // namespace

void SteeredLine::start(Scale const& scale, Cycles now, abi::Instant says) {
    scale_ = scale;
    by_ = {0};
    rate_ = scale.rate(by_);
    course_ = precise(says);
    line_ = {.cycle_last = now.value,
             .mult = 0,
             .base_fraction = says.fraction,
             .base_seconds = says.seconds,
             .shift = scale.shift};
    is_slewing_ = false;
    steer();
}

PreciseInstant SteeredLine::course_at(Cycles now) const {
    return sum(course_, span_of(elapsed(now), rate_));
}

void SteeredLine::rebase(Cycles now) {
    abi::Instant const reached = at(now);
    course_ = course_at(now);
    line_.cycle_last = now.value;
    line_.base_seconds = reached.seconds;
    line_.base_fraction = reached.fraction;
}

void SteeredLine::set_rate(Cycles now, PartsPerBillion by) {
    rebase(now);
    by_ = by;
    rate_ = scale_.rate(by);
    steer();
}

void SteeredLine::slew(Cycles now, NanosecondOffset offset) {
    rebase(now);
    // Without a slew the gap is rounding, which stays owed; within one it is what gets replaced.
    if (is_slewing_) course_ = {line_.base_seconds, line_.base_fraction, 0};
    course_ = sum(course_, precise(offset));
    is_slewing_ = offset.value != 0;
    steer();
}

NanosecondOffset SteeredLine::remaining(Cycles now) const {
    if (!is_slewing_) return {0};
    return nearest_nanoseconds(difference(course_at(now), precise(at(now))));
}

void SteeredLine::move(Cycles old_now, Scale const& scale, Cycles new_now) {
    rebase(old_now);
    scale_ = scale;
    rate_ = scale.rate(by_);
    line_.cycle_last = new_now.value;
    line_.shift = scale.shift;
    steer();
}

void SteeredLine::advance(Cycles now) {
    if (!is_due(now)) return;
    rebase(now);
    steer();
}

// Chooses mult and the next due time for the gap between course and line.
void SteeredLine::steer() {
    PreciseInstant const gap = difference(course_, {line_.base_seconds, line_.base_fraction, 0});
    if (gap.seconds != 0 || gap.fraction >= closed_at_once) return close(gap);
    line_.base_seconds = course_.seconds;
    line_.base_fraction = course_.fraction;
    line_.mult = rate_.high;
    due_ = half_range;
    is_slewing_ = false;
}

// Over a whole number of cycles, so that due() is one of them. It aims at the middle of what
// steer() then closes at once: rounding mult down is 2^-33 s at most, and a host that is some
// 100 ns late is not past the course.
void SteeredLine::close(PreciseInstant gap) {
    PreciseInstant const change = difference(gap, {0, closed_at_once / 2, 0});
    bool const back = change.seconds < 0;
    Wide const size = product_units(back ? negated(change) : change);
    u64 const fastest = scale_.rate({rate_limit_ppb}).high - scale_.mult;

    Wide const least = long_divide(size, 0, fastest);
    u64 duration = least.high != 0 || least.low >= half_range ? half_range : least.low + 1;
    if (duration < scale_.scaled_second()) duration = scale_.scaled_second();
    u64 const cycle = u64{1} << scale_.shift;
    due_ = (duration + cycle - 1) & ~(cycle - 1);

    Wide const exact = long_divide(size, 0, due_);
    u64 const step = exact.high != 0 || exact.low > fastest ? fastest : exact.low;
    line_.mult = back ? rate_.high - step : rate_.high + step;
}

Cycles SteeredLine::until_due(Cycles now) const {
    u64 const gone = elapsed(now);
    return {gone < due_ ? (due_ - gone) >> scale_.shift : 0};
}

Nanoseconds SteeredLine::span(Cycles cycles) const {
    PreciseInstant const exact = span_of(scale_.scaled(cycles), scale_.rate({0}));
    return {static_cast<u64>(exact.seconds) * abi::nanoseconds_per_second +
            abi::units_of(exact.fraction, abi::nanoseconds_per_second)};
}

}  // namespace vdsokit::kit
