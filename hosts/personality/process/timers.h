// SPDX-License-Identifier: BSD-2-Clause
// A process's timers: the three of setitimer and those of timer_create.
#pragma once

#include "hosts/personality/alarm.h"
#include "hosts/personality/process/clock.h"

namespace vdsokit::personality {

// Expires on a clock, once or at intervals. `expired` is told how many intervals were missed.
class Timer : public Alarm {
public:
    using Expired = void (*)(Timer&, u64 missed);
    Timer(Clock clock, Expired expired);

    // In ns of the clock; `at` 0 disarms.
    void arm(u64 at, u64 interval);
    bool is_armed() const { return at_ != 0; }
    u64 interval() const { return interval_; }
    // ns until it expires; 0: not armed. One that is due says 1, as 0 would mean disarmed.
    u64 remaining() const;
    Clock const& clock() const { return clock_; }
    // The clock was set: the alarm moves.
    void follow_clock();

private:
    static void ring(Alarm& alarm);
    Clock clock_;
    Expired expired_;
    u64 at_ = 0;
    u64 interval_ = 0;
};

// struct sigevent.
struct UserSigevent {
    u64 value;
    i32 signal;
    i32 notify;
    i32 thread;
    i32 unused[11];
};
static_assert(sizeof(UserSigevent) == 64);

enum class Notify : i32 { signal = 0, nothing = 1, thread = 4 };

struct PosixTimers;
struct PosixTimer final : Timer, Link<PosixTimers> {
    PosixTimer(Clock with, Process& owner);
    Process& process;
    i32 id = 0;
    Notify notify = Notify::signal;
    i32 signal = signal_number::alarm;
    i32 thread = 0;  // of Notify::thread
    u64 value = 0;
    i32 overrun = 0;
};

struct IntervalTimer final : Timer {
    IntervalTimer(Clock with, Process& owner, i32 signal_to_send);
    Process& process;
    i32 signal;
};

class Timers {
public:
    explicit Timers(Process& process);
    IntervalTimer real;
    IntervalTimer virtual_time;
    IntervalTimer profiling;
    List<PosixTimer, PosixTimers> posix;
    i32 next_id = 0;
};

// nullptr: out of memory.
PosixTimer* make_posix_timer(Process& process, Clock clock);
void free_posix_timer(PosixTimer& timer);

// Made when first asked for. nullptr: out of memory.
Timers* timers_of(Process& process);
void release_timers(Process& process);        // at its end
void release_posix_timers(Process& process);  // at exec, which keeps the other three

// After a step of the realtime clock.
void realtime_was_set();

Outcome setitimer_call(Call& call);
Outcome getitimer_call(Call& call);
Outcome timer_create_call(Call& call);
Outcome timer_settime_call(Call& call);
Outcome timer_gettime_call(Call& call);
Outcome timer_getoverrun_call(Call& call);
Outcome timer_delete_call(Call& call);

}  // namespace vdsokit::personality
