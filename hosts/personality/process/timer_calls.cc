// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/timers.h"

namespace vdsokit::personality {

namespace {

struct UserIntervalTimer {
    i64 interval_seconds, interval_microseconds;
    i64 seconds, microseconds;
};

struct UserTimerSpec {
    i64 interval_seconds, interval_nanoseconds;
    i64 seconds, nanoseconds;
};

constexpr u64 billion = 1'000'000'000;
constexpr u32 absolute_time = 1;

bool is_time(i64 seconds, i64 part, i64 units) { return seconds >= 0 && part >= 0 && part < units; }

u64 nanoseconds(i64 seconds, i64 part, u64 part_size) {
    u64 product = 0;
    if (__builtin_mul_overflow(static_cast<u64>(seconds), billion, &product))
        return no_deadline - 1;
    return add_saturated(product, static_cast<u64>(part) * part_size);
}

IntervalTimer* interval_timer(Timers& timers, i32 which) {
    switch (which) {
    case 0: return &timers.real;
    case 1: return &timers.virtual_time;
    case 2: return &timers.profiling;
    }
    return nullptr;
}

UserIntervalTimer describe(Timer const& timer) {
    // Rounded up, so that a timer that is armed never says 0.
    u64 const rest = timer.remaining() + 999;
    return {static_cast<i64>(timer.interval() / billion),
            static_cast<i64>(timer.interval() % billion / 1000), static_cast<i64>(rest / billion),
            static_cast<i64>(rest % billion / 1000)};
}

UserTimerSpec describe_precisely(Timer const& timer) {
    u64 const rest = timer.remaining();
    return {static_cast<i64>(timer.interval() / billion),
            static_cast<i64>(timer.interval() % billion), static_cast<i64>(rest / billion),
            static_cast<i64>(rest % billion)};
}

// `span` from now on, or at the time `span` itself. Time 0 of a clock has passed, but is no "off".
u64 expiry(Clock const& clock, u64 span, bool is_absolute) {
    u64 now = 0;
    if (is_absolute || !read_clock(clock, now)) return span;
    return add_saturated(now, span);
}

PosixTimer* find_timer(Process& process, i32 id) {
    if (process.timers == nullptr) return nullptr;
    for (PosixTimer& timer : process.timers->posix)
        if (timer.id == id) return &timer;
    return nullptr;
}

bool can_time(i32 id) {
    switch (static_cast<abi::ClockId>(id)) {
    case abi::ClockId::monotonic_raw:
    case abi::ClockId::realtime_coarse:
    case abi::ClockId::monotonic_coarse: return false;
    default: return true;
    }
}

bool is_known(i32 notify) {
    return notify == static_cast<i32>(Notify::signal) ||
           notify == static_cast<i32>(Notify::nothing) ||
           notify == static_cast<i32>(Notify::thread);
}

}  // namespace

Outcome setitimer_call(Call& call) {
    Memory& memory = call.process.memory();
    UserIntervalTimer wanted{};
    if (call.number(0) < 0 || call.number(0) > 2) return Outcome::error(Errno::inval);
    // Linux takes a null pointer for "disarm".
    if (call.argument(1) != 0 && !memory.load(wanted, call.address(1)))
        return Outcome::error(Errno::fault);
    if (!is_time(wanted.seconds, wanted.microseconds, 1'000'000) ||
        !is_time(wanted.interval_seconds, wanted.interval_microseconds, 1'000'000))
        return Outcome::error(Errno::inval);
    Timers* const timers = timers_of(call.process);
    if (timers == nullptr) return Outcome::error(Errno::nomem);
    IntervalTimer& timer = *interval_timer(*timers, call.number(0));
    UserIntervalTimer const old = timer.is_armed() ? describe(timer) : UserIntervalTimer{};
    u64 const span = nanoseconds(wanted.seconds, wanted.microseconds, 1000);
    u64 const interval = nanoseconds(wanted.interval_seconds, wanted.interval_microseconds, 1000);
    timer.arm(span == 0 ? 0 : expiry(timer.clock(), span, false), interval);
    if (call.argument(2) != 0 && !memory.store(call.address(2), old))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome getitimer_call(Call& call) {
    if (call.number(0) < 0 || call.number(0) > 2) return Outcome::error(Errno::inval);
    UserIntervalTimer now{};
    if (call.process.timers != nullptr) {
        IntervalTimer const& timer = *interval_timer(*call.process.timers, call.number(0));
        if (timer.is_armed()) now = describe(timer);
    }
    if (!call.process.memory().store(call.address(1), now)) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome timer_create_call(Call& call) {
    Memory& memory = call.process.memory();
    Clock clock;
    if (!find_clock(call.number(0), call.thread, clock)) return Outcome::error(Errno::inval);
    if (!can_time(call.number(0))) return Outcome::error(Errno::notsup);
    UserSigevent event{};
    event.signal = signal_number::alarm;
    if (call.argument(1) != 0) {
        if (!memory.load(event, call.address(1))) return Outcome::error(Errno::fault);
        if (!is_known(event.notify)) return Outcome::error(Errno::inval);
        bool const sends = event.notify != static_cast<i32>(Notify::nothing);
        if (sends && !is_signal(event.signal)) return Outcome::error(Errno::inval);
        if (event.notify == static_cast<i32>(Notify::thread)) {
            Thread* const target = Thread::find(event.thread);
            if (target == nullptr || &target->process() != &call.process)
                return Outcome::error(Errno::inval);
        }
    }
    Timers* const timers = timers_of(call.process);
    PosixTimer* const timer = timers == nullptr ? nullptr : make_posix_timer(call.process, clock);
    if (timer == nullptr) return Outcome::error(Errno::again);
    do {
        timer->id = timers->next_id;
        timers->next_id = timers->next_id == 0x7fff'ffff ? 0 : timers->next_id + 1;
    } while (find_timer(call.process, timer->id) != nullptr);
    timer->notify = static_cast<Notify>(event.notify);
    timer->signal = event.signal;
    timer->thread = event.thread;
    timer->value = call.argument(1) != 0 ? event.value : static_cast<u64>(timer->id);
    timers->posix.push_back(*timer);
    if (memory.store(call.address(2), timer->id)) return Outcome::done(0);
    free_posix_timer(*timer);
    return Outcome::error(Errno::fault);
}

Outcome timer_settime_call(Call& call) {
    Memory& memory = call.process.memory();
    UserTimerSpec wanted{};
    if (call.argument(2) == 0) return Outcome::error(Errno::inval);
    if (!memory.load(wanted, call.address(2))) return Outcome::error(Errno::fault);
    PosixTimer* const timer = find_timer(call.process, call.number(0));
    if (timer == nullptr || !is_time(wanted.seconds, wanted.nanoseconds, billion) ||
        !is_time(wanted.interval_seconds, wanted.interval_nanoseconds, billion))
        return Outcome::error(Errno::inval);
    UserTimerSpec const old = describe_precisely(*timer);
    u64 const span = nanoseconds(wanted.seconds, wanted.nanoseconds, 1);
    u64 const interval = nanoseconds(wanted.interval_seconds, wanted.interval_nanoseconds, 1);
    bool const is_absolute = (static_cast<u32>(call.argument(1)) & absolute_time) != 0;
    timer->overrun = 0;
    timer->arm(span == 0 ? 0 : expiry(timer->clock(), span, is_absolute), interval);
    if (call.argument(3) != 0 && !memory.store(call.address(3), old))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome timer_gettime_call(Call& call) {
    PosixTimer* const timer = find_timer(call.process, call.number(0));
    if (timer == nullptr) return Outcome::error(Errno::inval);
    if (!call.process.memory().store(call.address(1), describe_precisely(*timer)))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome timer_getoverrun_call(Call& call) {
    PosixTimer* const timer = find_timer(call.process, call.number(0));
    if (timer == nullptr) return Outcome::error(Errno::inval);
    return Outcome::done(static_cast<u64>(timer->overrun));
}

Outcome timer_delete_call(Call& call) {
    PosixTimer* const timer = find_timer(call.process, call.number(0));
    if (timer == nullptr) return Outcome::error(Errno::inval);
    free_posix_timer(*timer);
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
