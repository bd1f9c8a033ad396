// SPDX-License-Identifier: BSD-2-Clause
// One clock that runs from the counter, in two forms:
//   - the line that readers extrapolate: 64-bit mult, base in 2^-64 s;
//   - the course it is kept on: a rate with 64 bits more and a base in 2^-128 s; the rate is off by
//     less than 2^-97, whatever the counter's width and frequency.
// An offset slew puts the course ahead of the line (or behind it) at once and lets the line run
// faster (or slower) until they meet; so does every other difference, the rounding of mult
// included. The line is continuous: each re-base starts where readers' arithmetic ends, and adds at
// most 2^-32 s (0.23 ns, below the resolution of every clock), never less than nothing.
//
// Used by the Timekeeper alone, with the lines locked: `now` is a counter value read under the
// lock.
#pragma once

#include "abi/conversion.h"
#include "kit/time/instant.h"
#include "kit/time/scale.h"

namespace vdsokit::kit {

class SteeredLine {
public:
    void start(Scale const& scale, Cycles now, abi::Instant says);

    abi::LineValues const& line() const { return line_; }
    abi::Instant at(Cycles now) const { return abi::instant_at(line_, now); }

    // Precondition for `by`: within rate_limit_ppb.
    void set_rate(Cycles now, PartsPerBillion by);

    // Begins to slew by `offset`, at 500 ppm or over one second if that is slower; what was left of
    // an earlier offset is forgotten. Precondition: within 2^31 s.
    void slew(Cycles now, NanosecondOffset offset);

    // What is left of the offset; negative also when a late advance() let it overshoot.
    NanosecondOffset remaining(Cycles now) const;

    // Goes on from another counter, or the same with another scale, without a jump.
    void move(Cycles old_now, Scale const& scale, Cycles new_now);

    // Does what is due, if anything is: ends a slew, or re-bases before the counter wraps.
    // It is exact when called as soon as it is due; called later, the line has gone too far and is
    // slewed back.
    void advance(Cycles now);
    bool is_due(Cycles now) const { return elapsed(now) >= due_; }
    // Cycles until advance() has something to do; 0 when it has.
    Cycles until_due(Cycles now) const;
    // Their length, by the counter's own frequency.
    Nanoseconds span(Cycles cycles) const;

private:
    u64 elapsed(Cycles now) const { return scale_.scaled({now.value - line_.cycle_last}); }
    PreciseInstant course_at(Cycles now) const;
    void rebase(Cycles now);
    void steer();
    void close(PreciseInstant gap);

    Scale scale_{};
    PartsPerBillion by_{0};
    Wide rate_{};              // of the course, as Scale::rate()
    PreciseInstant course_{};  // at line_.cycle_last, as line_'s base
    abi::LineValues line_{};
    u64 due_ = 0;  // scaled cycles from line_.cycle_last
    bool is_slewing_ = false;
};

}  // namespace vdsokit::kit
