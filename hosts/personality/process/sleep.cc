// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/sleep.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/process/deadlines.h"

namespace vdsokit::personality {

namespace {

WaitKey sleep_key(Thread& thread) { return {&thread.call, 0}; }

// The part of a relative sleep that a handler cut off.
Outcome interrupted_sleep(Call& call, u64 rest, VirtualAddress remainder) {
    kit::Timespec const time{static_cast<i64>(rest / 1'000'000'000),
                             static_cast<u32>(rest % 1'000'000'000)};
    if (remainder.value != 0 && !store_time(call, remainder, time))
        return Outcome::error(Errno::fault);
    return Outcome::error(Errno::intr);
}

Outcome sleep_for(Call& call, VirtualAddress request, VirtualAddress remainder) {
    u64 deadline = call.deadline;
    if (call.first_attempt) {
        kit::Timespec span{};
        Outcome failed = Outcome::done(0);
        if (!load_time(call, request, span, failed)) return failed;
        deadline = deadline_after(span);
    }
    u64 const now = monotonic_now();
    if (deadline <= now) return Outcome::done(0);
    if (call.interrupted) return interrupted_sleep(call, deadline - now, remainder);
    return Outcome::wait(sleep_key(call.thread), deadline);
}

// Realtime may be set meanwhile and CPU time may stand still: the clock is asked at each attempt.
Outcome sleep_until(Call& call, Clock const& clock, u64 target) {
    u64 now = 0;
    if (!read_clock(clock, now)) return Outcome::error(Errno::inval);
    if (now >= target) return Outcome::done(0);
    if (clock.is_realtime()) call.thread.follow_realtime();
    return Outcome::wait(sleep_key(call.thread), deadline_on(clock, target));
}

bool can_sleep(i32 id, Clock const& clock) {
    if (clock.kind == Clock::Kind::thread) return false;
    return id != static_cast<i32>(abi::ClockId::monotonic_raw) &&
           id != static_cast<i32>(abi::ClockId::realtime_coarse) &&
           id != static_cast<i32>(abi::ClockId::monotonic_coarse);
}

}  // namespace

Outcome nanosleep_call(Call& call) { return sleep_for(call, call.address(0), call.address(1)); }

Outcome clock_nanosleep_call(Call& call) {
    constexpr u32 absolute_time = 1;
    Clock clock;
    if (!find_clock(call.number(0), call.thread, clock)) return Outcome::error(Errno::inval);
    if (!can_sleep(call.number(0), clock)) return Outcome::error(Errno::notsup);
    bool const is_absolute = (static_cast<u32>(call.argument(1)) & absolute_time) != 0;
    bool const is_cpu_time = clock.kind == Clock::Kind::process;
    if (!is_absolute && !is_cpu_time) return sleep_for(call, call.address(2), call.address(3));

    kit::Timespec time{};
    Outcome failed = Outcome::done(0);
    // A relative sleep in CPU time keeps its target in progress; the request may change meanwhile.
    if (is_absolute || call.first_attempt) {
        if (!load_time(call, call.address(2), time, failed)) return failed;
    }
    if (is_absolute) return sleep_until(call, clock, nanoseconds_of(time));
    if (call.first_attempt) {
        u64 now = 0;
        if (!read_clock(clock, now)) return Outcome::error(Errno::inval);
        call.progress = add_saturated(now, nanoseconds_of(time));
    }
    u64 now = 0;
    if (call.interrupted && read_clock(clock, now) && now < call.progress)
        return interrupted_sleep(call, call.progress - now, call.address(3));
    return sleep_until(call, clock, call.progress);
}

}  // namespace vdsokit::personality
