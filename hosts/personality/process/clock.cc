// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/clock.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/process/deadlines.h"
#include "kit/time/instant.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::personality {

namespace {

// A negative id: the complement of a process or thread id, a bit for "thread", two for the kind.
// [Linux include/linux/posix-timers_types.h]
bool find_cpu_clock(i32 id, Thread& caller, Clock& clock) {
    u32 const bits = static_cast<u32>(id);
    constexpr u32 names_descriptor = 3;
    if ((bits & 3) == names_descriptor) return false;
    i32 const owner = ~(id >> 3);
    if ((bits & 4) != 0) {
        Thread* const thread = owner == 0 ? &caller : Thread::find(owner);
        if (thread == nullptr || &thread->process() != &caller.process()) return false;
        clock = {.kind = Clock::Kind::thread, .owner = thread->id()};
        return true;
    }
    Process* const process = owner == 0 ? &caller.process() : Process::find(owner);
    if (process == nullptr) return false;
    clock = {.kind = Clock::Kind::process, .owner = process->id()};
    return true;
}

}  // namespace

bool find_clock(i32 id, Thread& caller, Clock& clock) {
    if (id < 0) return find_cpu_clock(id, caller, clock);
    kit::NamespaceOffsets const offsets = offsets_of(caller.process().time_group.get());
    switch (static_cast<abi::ClockId>(id)) {
    case abi::ClockId::process_cputime:
        clock = {.kind = Clock::Kind::process, .owner = caller.process().id()};
        return true;
    case abi::ClockId::thread_cputime:
        clock = {.kind = Clock::Kind::thread, .owner = caller.id()};
        return true;
    // No timer here ends a suspend, so the alarm clocks are what they are based on.
    case abi::ClockId::realtime_alarm: clock = {.kept = abi::ClockId::realtime}; return true;
    case abi::ClockId::boottime:
    case abi::ClockId::boottime_alarm:
        clock = {.kept = abi::ClockId::boottime, .ahead = offsets.boottime};
        return true;
    case abi::ClockId::monotonic:
    case abi::ClockId::monotonic_raw:
    case abi::ClockId::monotonic_coarse:
        clock = {.kept = static_cast<abi::ClockId>(id), .ahead = offsets.monotonic};
        return true;
    case abi::ClockId::realtime:
    case abi::ClockId::realtime_coarse:
    case abi::ClockId::tai: clock = {.kept = static_cast<abi::ClockId>(id)}; return true;
    }
    return false;
}

bool read_clock(Clock const& clock, kit::Timespec& now) {
    if (clock.kind == Clock::Kind::kept) {
        auto const time = host::timekeeper().instant(clock.kept);
        if (!time) return false;
        // The sum that the group's page holds, to the bit: so that it agrees with the vDSO.
        now = kit::timespec_of(kit::sum(time.value(), kit::instant_of(clock.ahead)));
        return true;
    }
    u64 spent = 0;
    if (!read_clock(clock, spent)) return false;
    now = {static_cast<i64>(spent / 1'000'000'000), static_cast<u32>(spent % 1'000'000'000)};
    return true;
}

bool read_clock(Clock const& clock, u64& nanoseconds) {
    if (clock.kind == Clock::Kind::kept) {
        kit::Timespec now{};
        if (!read_clock(clock, now)) return false;
        nanoseconds = nanoseconds_of(now);
        return true;
    }
    if (clock.kind == Clock::Kind::process) {
        Process* const process = Process::find(clock.owner);
        if (process == nullptr) return false;
        nanoseconds = process->run_time();
        return true;
    }
    Thread* const thread = Thread::find(clock.owner);
    if (thread == nullptr) return false;
    nanoseconds = thread->run_time();
    return true;
}

u64 resolution_of(Clock const& clock) {
    if (clock.kind != Clock::Kind::kept) return 1;
    auto const resolution = host::timekeeper().resolution(clock.kept);
    return resolution ? resolution.value().value : 1;
}

u64 host_time(Clock const& clock, u64 at) {
    // Within 146 years either way, so that it fits; what was before the host's start has passed.
    i64 const ahead = clock.ahead.seconds * 1'000'000'000 + clock.ahead.nanoseconds;
    if (ahead <= 0) return add_saturated(at, static_cast<u64>(-ahead));
    u64 const distance = static_cast<u64>(ahead);
    return at > distance ? at - distance : 0;
}

u64 boottime_of(Process& process) {
    u64 now = 0;
    Clock const clock{.kept = abi::ClockId::boottime,
                      .ahead = offsets_of(process.time_group.get()).boottime};
    return read_clock(clock, now) ? now : 0;
}

u64 deadline_on(Clock const& clock, u64 at) {
    if (clock.kind == Clock::Kind::kept && clock.kept == abi::ClockId::monotonic)
        return host_time(clock, at);
    u64 now = 0;
    if (!read_clock(clock, now)) return no_deadline;
    if (at <= now) return monotonic_now();
    constexpr u64 shortest_look = 1'000'000;
    // One more than the difference: both readings were rounded down, each on its own.
    u64 const rest = at - now + 1;
    bool const is_kept = clock.kind == Clock::Kind::kept;
    return add_saturated(monotonic_now(), is_kept || rest > shortest_look ? rest : shortest_look);
}

}  // namespace vdsokit::personality
