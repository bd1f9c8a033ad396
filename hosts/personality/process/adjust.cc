// SPDX-License-Identifier: BSD-2-Clause
// adjtimex and clock_adjtime. [Linux kernel/time/ntp.c, include/uapi/linux/timex.h]
#include "hosts/personality/process/adjust.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/process/timers.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::personality {

namespace {

constexpr u32 set_offset = 1, set_frequency = 2, set_max_error = 4, set_estimated_error = 8,
              set_status = 0x10, set_constant = 0x20, set_tai = 0x80, step_by_offset = 0x100,
              use_micro = 0x1000, use_nano = 0x2000, set_tick = 0x4000, singleshot = 0x8000,
              read_only = 0x2000;  // with singleshot
constexpr i32 status_pll = 1, status_unsynchronised = 0x40, status_nano = 0x2000;
constexpr i32 status_settable =
    ~(0x100 | 0x200 | 0x400 | 0x800 | 0x1000 | status_nano | 0x4000 | 0x8000);
constexpr i64 largest_frequency = 500 << 16, nominal_tick = 10'000;
constexpr i64 largest_error = 16'000'000;  // us
constexpr u64 time_ok = 0, time_error = 5;

// What the Timekeeper has no use for, but a reader wants back.
struct Kept {
    i64 frequency = 0;
    i64 tick = nominal_tick;
    i64 max_error = largest_error;
    i64 estimated_error = largest_error;
    i64 constant = 2;
    i32 status = status_unsynchronised;
};
constinit Kept kept;

// ppm * 2^16 to ppb, and what a tick that is longer adds: 1 us of 10 ms are 100 000 ppb.
kit::PartsPerBillion rate(Kept const& with) {
    i64 const by_frequency = with.frequency * 1000 / 65536;
    return {static_cast<i32>(by_frequency + (with.tick - nominal_tick) * 100'000)};
}

bool is_singleshot(UserTimex const& timex) { return (timex.modes & singleshot) != 0; }

bool is_sane(UserTimex const& timex) {
    if (is_singleshot(timex)) return (timex.modes & set_offset) != 0;
    if ((timex.modes & set_tick) != 0 &&
        (timex.tick < nominal_tick * 9 / 10 || timex.tick > nominal_tick * 11 / 10))
        return false;
    return (timex.modes & step_by_offset) == 0 || timex.fraction >= 0;
}

// adjtime(3): the rest of an earlier one is what it returns.
bool slew_singleshot(UserTimex& timex) {
    kit::Timekeeper& keeper = host::timekeeper();
    i64 rest = keeper.remaining_offset().value;
    if ((timex.modes & read_only) == 0) {
        constexpr i64 limit = kit::offset_limit_seconds * 1'000'000;
        if (timex.offset < -limit || timex.offset > limit) return false;
        auto const before = keeper.slew_offset({timex.offset * 1000});
        if (!before) return false;
        rest = before.value().value;
    }
    timex.offset = rest / 1000;
    return true;
}

bool step_realtime_by(UserTimex const& timex) {
    i64 const units = (timex.modes & use_nano) != 0 ? 1'000'000'000 : 1'000'000;
    if (timex.fraction >= units) return false;
    kit::Timekeeper& keeper = host::timekeeper();
    auto const now = keeper.read(abi::ClockId::realtime);
    if (!now) return false;
    i64 seconds = 0;
    if (__builtin_add_overflow(now.value().seconds, timex.seconds, &seconds)) return false;
    i64 nanoseconds = now.value().nanoseconds + timex.fraction * (1'000'000'000 / units);
    if (nanoseconds >= 1'000'000'000) {
        nanoseconds -= 1'000'000'000;
        if (__builtin_add_overflow(seconds, i64{1}, &seconds)) return false;
    }
    if (!keeper.step_realtime({seconds, static_cast<u32>(nanoseconds)})) return false;
    realtime_was_set();
    return true;
}

i64 clamp(i64 value, i64 low, i64 high) { return value < low ? low : value > high ? high : value; }

bool apply(UserTimex const& timex) {
    kit::Timekeeper& keeper = host::timekeeper();
    if ((timex.modes & step_by_offset) != 0 && !step_realtime_by(timex)) return false;
    Kept next = kept;
    u32 const modes = timex.modes;
    if ((modes & set_status) != 0)
        next.status = (kept.status & ~status_settable) | (timex.status & status_settable);
    if ((modes & use_nano) != 0) next.status |= status_nano;
    if ((modes & use_micro) != 0) next.status &= ~status_nano;
    if ((modes & set_frequency) != 0)
        next.frequency = clamp(timex.frequency, -largest_frequency, largest_frequency);
    if ((modes & set_tick) != 0) next.tick = timex.tick;
    if ((modes & set_max_error) != 0) next.max_error = clamp(timex.max_error, 0, largest_error);
    if ((modes & set_estimated_error) != 0)
        next.estimated_error = clamp(timex.estimated_error, 0, largest_error);
    if ((modes & set_constant) != 0) next.constant = clamp(timex.constant, 0, 10);
    if ((modes & (set_frequency | set_tick)) != 0 && !keeper.slew_frequency(rate(next)))
        return false;
    // Linux ignores a TAI offset that it does not like.
    if ((modes & set_tai) != 0 && timex.constant >= 0 && timex.constant <= kit::tai_offset_limit)
        static_cast<void>(keeper.set_tai_offset(static_cast<i32>(timex.constant)));
    if ((modes & set_offset) != 0 && (next.status & status_pll) != 0) {
        bool const is_nano = (next.status & status_nano) != 0;
        // MAXPHASE: half a second.
        i64 const most = is_nano ? 500'000'000 : 500'000;
        i64 const offset = clamp(timex.offset, -most, most);
        static_cast<void>(keeper.slew_offset({is_nano ? offset : offset * 1000}));
    }
    kept = next;
    return true;
}

void describe(UserTimex& timex) {
    kit::Timekeeper& keeper = host::timekeeper();
    bool const is_nano = (kept.status & status_nano) != 0;
    if (!is_singleshot(timex)) {
        i64 const rest = keeper.remaining_offset().value;
        timex.offset = is_nano ? rest : rest / 1000;
    }
    timex.frequency = kept.frequency;
    timex.max_error = kept.max_error;
    timex.estimated_error = kept.estimated_error;
    timex.status = kept.status;
    timex.constant = kept.constant;
    timex.precision = 1;
    timex.tolerance = largest_frequency;
    timex.tick = kept.tick;
    timex.tai = keeper.tai_offset();
    auto const now = keeper.read(abi::ClockId::realtime);
    if (!now) return;
    timex.seconds = now.value().seconds;
    timex.fraction = is_nano ? now.value().nanoseconds : now.value().nanoseconds / 1000;
}

Outcome adjust(Call& call, VirtualAddress at) {
    Memory& memory = call.process.memory();
    UserTimex timex{};
    if (!memory.load(timex, at)) return Outcome::error(Errno::fault);
    if (!is_sane(timex)) return Outcome::error(Errno::inval);
    bool const is_done = is_singleshot(timex) ? slew_singleshot(timex) : apply(timex);
    if (!is_done) return Outcome::error(Errno::inval);
    describe(timex);
    if (!memory.store(at, timex)) return Outcome::error(Errno::fault);
    return Outcome::done((kept.status & status_unsynchronised) != 0 ? time_error : time_ok);
}

}  // namespace

Outcome adjtimex_call(Call& call) { return adjust(call, call.address(0)); }

Outcome clock_adjtime_call(Call& call) {
    Clock clock;
    if (!find_clock(call.number(0), call.thread, clock)) return Outcome::error(Errno::inval);
    // Only this clock can be adjusted; Linux has no verb for the others.
    if (call.number(0) != static_cast<i32>(abi::ClockId::realtime))
        return Outcome::error(Errno::notsup);
    return adjust(call, call.address(1));
}

}  // namespace vdsokit::personality
