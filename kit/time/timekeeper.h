// SPDX-License-Identifier: BSD-2-Clause
// The host's owner of all clocks: the only writer of the time pages, and where the host's own clock
// system calls get their answers. Both use one arithmetic on the same numbers, so that
// system call <= vDSO <= system call holds for each clock and thread, coarse clocks included.
//
// Not thread-safe: the host calls it under one lock, on any CPU, with nothing in between that could
// wait (a reader of the page spins for the few hundred ns that a change takes). The counter must be
// the same on all CPUs and in processes.
//
// Precision: rates and instants are kept with 64 bits more than the page holds (instants in 2^-128
// s, rates to 2^-97); the page's lines are steered back to that (steered_line.h). They are re-based
// only when a rate changes, an offset slew ends or the counter's range is half used, not on ticks.
#pragma once

#include "abi/clock_id.h"
#include "kit/core/result.h"
#include "kit/time/steered_line.h"
#include "kit/time/time_error.h"
#include "kit/time/time_namespace.h"

namespace vdsokit::kit {

// [Linux include/linux/ktime.h, timekeeping.h: KTIME_SEC_MAX, TIME_UPTIME_SEC_MAX]
inline constexpr i64 time_limit_seconds = 9'223'372'036;
inline constexpr i64 uptime_limit_seconds = i64{30} * 365 * 24 * 3600;
inline constexpr i64 settable_limit_seconds = time_limit_seconds - uptime_limit_seconds;
inline constexpr i64 offset_limit_seconds = 2145;  // adjtime(3)
inline constexpr i32 tai_offset_limit = 100'000;   // [kernel/time/ntp.c: MAX_TAI_OFFSET]
inline constexpr i32 timezone_limit_minutes = 15 * 60;

struct TimekeeperStart {
    Clocksource clocksource;
    Timespec realtime;              // since 1970, at this moment
    Timespec monotonic{0, 0};       // likewise; raw and boottime start there too
    Nanoseconds tick{0};            // 0: the host has no tick, coarse clocks run from the counter
    NanosecondOffset raw_ahead{0};  // raw starts this much after monotonic
};

// When a host without a tick must call advance(). Later is allowed, and made up for by slewing.
struct Deadline {
    Cycles counter;     // the counter's value then, within its width
    Nanoseconds after;  // from now; 0 when it is overdue
};

class Timekeeper {
public:
    // Errors: already_started, those of Scale::of(), no_such_counter, time_out_of_range,
    // nanoseconds_out_of_range, before_system_start (realtime < monotonic), tick_out_of_range.
    Result<Nothing, TimeError> start(TimekeeperStart const& with);
    bool is_started() const { return is_started_; }

    // The page that is kept from now on; it stays the host's and outlives this object. What it said
    // before is gone; a page that was attached before says "none". Before or after start().
    void attach(abi::TimePage& page);

    // One page more, for a group of processes whose clocks are ahead of the host's by `offsets`; as
    // with attach(), what it said before is gone. Both stay the host's until close(). Each costs a
    // publish as much as the first page, and readers nothing.
    // Errors: not_started, already_started (it is open), nanoseconds_out_of_range,
    // time_out_of_range: a clock would be before 0, or end too soon.
    Result<Nothing, TimeError> open(TimeNamespace& group, abi::TimePage& page,
                                    NamespaceOffsets const& offsets);
    // Its page says "none" from now on. Nothing if it is not open.
    void close(TimeNamespace& group);

    // All clocks of all pages change to "make the system call" in the same instant, and back.
    // Published is the state after start(). Changes go on unseen while it is withdrawn.
    void withdraw();
    void publish();

    // What the clock says at this moment. Errors: not_started, unknown_clock.
    Result<abi::Instant, TimeError> instant(abi::ClockId clock) const {
        return instant(clock, own_);
    }
    Result<Timespec, TimeError> read(abi::ClockId clock) const { return read(clock, own_); }
    // The same as the processes of an open group see it.
    Result<abi::Instant, TimeError> instant(abi::ClockId clock, TimeNamespace const& group) const;
    Result<Timespec, TimeError> read(abi::ClockId clock, TimeNamespace const& group) const;
    Result<Nanoseconds, TimeError> resolution(abi::ClockId clock) const;

    // Sets realtime, its coarse clock and TAI at once; no other clock moves.
    // Errors: not_started, nanoseconds_out_of_range, time_out_of_range, before_system_start.
    Result<Nothing, TimeError> step_realtime(Timespec to);

    // All clocks but raw run `by` faster than the counter says, from now on.
    // Errors: not_started, rate_out_of_range.
    Result<Nothing, TimeError> slew_frequency(PartsPerBillion by);
    PartsPerBillion frequency() const { return frequency_; }

    // adjtime: all clocks but raw gain `by` in total, at 500 ppm on top of the frequency, or over
    // one second if that is slower. Replaces what is left of an earlier one and returns that.
    // Errors: not_started, offset_out_of_range.
    Result<NanosecondOffset, TimeError> slew_offset(NanosecondOffset by);
    NanosecondOffset remaining_offset() const;

    // TAI = realtime + this. Errors: not_started, tai_offset_out_of_range.
    Result<Nothing, TimeError> set_tai_offset(i32 seconds);
    i32 tai_offset() const { return tai_offset_; }

    // The machine slept for `span` while the counter stood still: boottime, realtime and TAI gain
    // it, monotonic and raw do not. Errors: not_started, time_out_of_range.
    Result<Nothing, TimeError> add_suspend(Nanoseconds span);

    // For gettimeofday's second argument. Errors: timezone_out_of_range.
    Result<Nothing, TimeError> set_timezone(Timezone timezone);
    Timezone timezone() const { return timezone_; }

    // Goes on from another counter or another frequency; no clock jumps.
    // Errors: not_started, those of Scale::of(), no_such_counter.
    Result<Nothing, TimeError> change_clocksource(Clocksource const& source);

    // From the host's timer interrupt: coarse clocks say what their fine ones say now.
    // Includes advance().
    void tick();
    // Does what next_update() was about; nothing if it is not yet due.
    void advance();
    Deadline next_update() const;

private:
    Cycles now() const;
    bool has_tick() const { return tick_.value != 0; }
    LineContent content(abi::ClockId clock, TimeNamespace const& group) const;
    Result<Nothing, TimeError> check_offsets(NamespaceOffsets const& offsets) const;
    template <class Visit>
    void for_each_page(Visit visit);
    void say_none(TimePageWriter& page);
    Cycles begin(u32 clocks);
    void end(u32 clocks, Cycles now);
    void store_header(TimePageWriter& page);

    TimeNamespace own_;     // the host's own page, without offsets: the head of the list
    SteeredLine adjusted_;  // monotonic; realtime, TAI and boottime differ from it by spans
    SteeredLine raw_;
    abi::Instant to_realtime_{};  // realtime - monotonic
    abi::Instant asleep_{};       // boottime - monotonic
    abi::Instant at_tick_{};      // monotonic when the coarse clocks were last brought up to date
    Nanoseconds tick_{0};
    Timezone timezone_{0, 0};
    PartsPerBillion frequency_{0};
    i32 tai_offset_ = 0;
    Clocksource clocksource_{};
    bool is_started_ = false;
    bool is_published_ = true;
};

}  // namespace vdsokit::kit
