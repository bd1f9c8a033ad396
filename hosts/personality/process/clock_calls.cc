// SPDX-License-Identifier: BSD-2-Clause
// Reading and setting clocks. Answers come from the Timekeeper that writes the time page, so that
// system call <= vDSO <= system call holds.
#include "hosts/personality/dispatcher.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/timers.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::personality {

namespace {

struct UserTimeval {
    i64 seconds;
    i64 microseconds;
};

struct UserTimezone {
    i32 minutes_west;
    i32 dst;
};

}  // namespace

Outcome clock_gettime_call(Call& call) {
    Clock clock;
    kit::Timespec now{};
    if (!find_clock(call.number(0), call.thread, clock) || !read_clock(clock, now))
        return Outcome::error(Errno::inval);
    if (!store_time(call, call.address(1), now)) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome clock_getres_call(Call& call) {
    Clock clock;
    if (!find_clock(call.number(0), call.thread, clock)) return Outcome::error(Errno::inval);
    u64 const resolution = resolution_of(clock);
    kit::Timespec const answer{static_cast<i64>(resolution / 1'000'000'000),
                               static_cast<u32>(resolution % 1'000'000'000)};
    if (call.argument(1) != 0 && !store_time(call, call.address(1), answer))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome clock_settime_call(Call& call) {
    Clock clock;
    i32 const id = call.number(0);
    if (!find_clock(id, call.thread, clock)) return Outcome::error(Errno::inval);
    if (clock.kind != Clock::Kind::kept) return Outcome::error(Errno::perm);
    if (static_cast<abi::ClockId>(id) != abi::ClockId::realtime)
        return Outcome::error(Errno::inval);
    kit::Timespec to{};
    Outcome failed = Outcome::done(0);
    if (!load_time(call, call.address(1), to, failed)) return failed;
    if (!host::timekeeper().step_realtime(to)) return Outcome::error(Errno::inval);
    realtime_was_set();
    return Outcome::done(0);
}

Outcome gettimeofday_call(Call& call) {
    Memory& memory = call.process.memory();
    if (call.argument(0) != 0) {
        auto const now = host::timekeeper().read(abi::ClockId::realtime);
        if (!now) return Outcome::error(Errno::inval);
        UserTimeval const answer{now.value().seconds, now.value().nanoseconds / 1000};
        if (!memory.store(call.address(0), answer)) return Outcome::error(Errno::fault);
    }
    if (call.argument(1) != 0) {
        kit::Timezone const zone = host::timekeeper().timezone();
        UserTimezone const answer{zone.minutes_west, zone.dst};
        if (!memory.store(call.address(1), answer)) return Outcome::error(Errno::fault);
    }
    return Outcome::done(0);
}

Outcome settimeofday_call(Call& call) {
    Memory& memory = call.process.memory();
    UserTimeval time{};
    UserTimezone zone{};
    bool const sets_time = call.argument(0) != 0;
    bool const sets_zone = call.argument(1) != 0;
    if (sets_time && !memory.load(time, call.address(0))) return Outcome::error(Errno::fault);
    if (sets_zone && !memory.load(zone, call.address(1))) return Outcome::error(Errno::fault);
    if (sets_time && (time.seconds < 0 || time.microseconds < 0 || time.microseconds >= 1'000'000))
        return Outcome::error(Errno::inval);
    kit::Timekeeper& keeper = host::timekeeper();
    kit::Timezone const old_zone = keeper.timezone();
    if (sets_zone && !keeper.set_timezone({zone.minutes_west, zone.dst}))
        return Outcome::error(Errno::inval);
    if (sets_time) {
        kit::Timespec const to{time.seconds, static_cast<u32>(time.microseconds * 1000)};
        if (!keeper.step_realtime(to)) {
            static_cast<void>(keeper.set_timezone(old_zone));
            return Outcome::error(Errno::inval);
        }
        realtime_was_set();
    }
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
