// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/timers.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/pool.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/send.h"

namespace vdsokit::personality {

namespace {

constinit Pool<Timers> timers_pool;
constinit Pool<PosixTimer> posix_pool;

constexpr Clock monotonic_clock{};

Clock cpu_clock(Process const& process) {
    return {.kind = Clock::Kind::process, .owner = process.id()};
}

void expire_interval(Timer& timer, u64) {
    auto& interval = static_cast<IntervalTimer&>(timer);
    interval.process.signal(interval.signal);
}

i32 saturated(u64 count) {
    constexpr i32 most = 0x7fff'ffff;
    return count > most ? most : static_cast<i32>(count);
}

void expire_posix(Timer& base, u64 missed) {
    auto& timer = static_cast<PosixTimer&>(base);
    if (timer.notify == Notify::nothing) return;
    Thread* const target = timer.notify == Notify::thread ? Thread::find(timer.thread) : nullptr;
    if (timer.notify == Notify::thread && target == nullptr) return;
    PendingSignals& pending = target != nullptr ? target->pending : timer.process.pending;
    // One signal of a timer waits at a time; what it stands for is counted in it.
    if (SignalInfo* const waiting = pending.of_timer(timer.id)) {
        waiting->timer.overrun = saturated(static_cast<u64>(waiting->timer.overrun) + 1 + missed);
        timer.overrun = waiting->timer.overrun;
        return;
    }
    SignalInfo info;
    info.number = timer.signal;
    info.code = signal_code::timer;
    info.timer = {.timer = timer.id, .overrun = saturated(missed), .value = timer.value};
    timer.overrun = info.timer.overrun;
    static_cast<void>(send_signal(timer.process, target, info));
}

}  // namespace

Timer::Timer(Clock clock, Expired expired) : Alarm(ring), clock_(clock), expired_(expired) {}

void Timer::arm(u64 at, u64 interval) {
    at_ = at;
    interval_ = interval;
    follow_clock();
}

void Timer::follow_clock() { set(at_ == 0 ? no_deadline : deadline_on(clock_, at_)); }

u64 Timer::remaining() const {
    u64 now = 0;
    if (at_ == 0 || !read_clock(clock_, now)) return 0;
    return at_ > now ? at_ - now : 1;
}

void Timer::ring(Alarm& alarm) {
    auto& timer = static_cast<Timer&>(alarm);
    u64 now = 0;
    if (timer.at_ == 0 || !read_clock(timer.clock_, now)) return;
    u64 missed = 0;
    if (now >= timer.at_) {
        if (timer.interval_ == 0) {
            timer.at_ = 0;
        } else {
            missed = (now - timer.at_) / timer.interval_;
            timer.at_ = add_saturated(timer.at_ + missed * timer.interval_, timer.interval_);
        }
        timer.follow_clock();
        timer.expired_(timer, missed);
        return;
    }
    timer.follow_clock();
}

PosixTimer::PosixTimer(Clock with, Process& owner) : Timer(with, expire_posix), process(owner) {}

IntervalTimer::IntervalTimer(Clock with, Process& owner, i32 signal_to_send)
    : Timer(with, expire_interval), process(owner), signal(signal_to_send) {}

Timers::Timers(Process& process)
    : real(monotonic_clock, process, signal_number::alarm),
      virtual_time(cpu_clock(process), process, signal_number::vtalrm),
      profiling(cpu_clock(process), process, signal_number::prof) {}

Timers* timers_of(Process& process) {
    if (process.timers == nullptr) process.timers = timers_pool.make(process);
    return process.timers;
}

PosixTimer* make_posix_timer(Process& process, Clock clock) {
    return posix_pool.make(clock, process);
}

void free_posix_timer(PosixTimer& timer) {
    timer.unlink();
    timer.clear();
    posix_pool.free(&timer);
}

void release_posix_timers(Process& process) {
    if (process.timers == nullptr) return;
    for (PosixTimer& timer : process.timers->posix) free_posix_timer(timer);
}

void release_timers(Process& process) {
    if (process.timers == nullptr) return;
    release_posix_timers(process);
    process.timers->real.clear();
    process.timers->virtual_time.clear();
    process.timers->profiling.clear();
    timers_pool.free(process.timers);
    process.timers = nullptr;
}

void realtime_was_set() {
    rerun_realtime_waits();
    for (Process* at = Process::next_after(0); at != nullptr; at = Process::next_after(at->id())) {
        if (at->timers == nullptr) continue;
        for (PosixTimer& timer : at->timers->posix)
            if (timer.clock().is_realtime()) timer.follow_clock();
    }
}

}  // namespace vdsokit::personality
