// SPDX-License-Identifier: BSD-2-Clause
// A clock by its id, whatever stands behind it: the host's Timekeeper, or the CPU time of a process
// or thread. [Linux kernel/time/posix-timers.c, posix-cpu-timers.c]
#pragma once

#include "abi/clock_id.h"
#include "hosts/personality/process/process.h"
#include "kit/time/units.h"

namespace vdsokit::personality {

struct Clock {
    enum class Kind : u8 { kept, process, thread };
    Kind kind = Kind::kept;
    abi::ClockId kept = abi::ClockId::monotonic;  // of Kind::kept
    i32 owner = 0;                                // process or thread id of the other two
    kit::Timespec ahead{0, 0};                    // of the host's, as the asker's time group has it

    bool is_realtime() const {
        return kind == Kind::kept && (kept == abi::ClockId::realtime || kept == abi::ClockId::tai);
    }
    friend bool operator==(Clock, Clock) = default;
};

// False: EINVAL, there is no such clock or its owner is not one that the caller may ask.
[[nodiscard]] bool find_clock(i32 id, Thread& caller, Clock& clock);
// False: its owner has ended.
[[nodiscard]] bool read_clock(Clock const& clock, kit::Timespec& now);
[[nodiscard]] bool read_clock(Clock const& clock, u64& nanoseconds);
u64 resolution_of(Clock const& clock);

// When to look whether the clock has come to `at`, as a deadline. CPU time runs at most as fast as
// real time, and is looked at every millisecond at most.
u64 deadline_on(Clock const& clock, u64 at);

// The host's CLOCK_MONOTONIC when the clock says `at`; for clocks that run with it.
u64 host_time(Clock const& clock, u64 at);
// CLOCK_BOOTTIME as the process reads it, in ns.
u64 boottime_of(Process& process);

Outcome clock_gettime_call(Call& call);
Outcome clock_getres_call(Call& call);
Outcome clock_settime_call(Call& call);
Outcome gettimeofday_call(Call& call);
Outcome settimeofday_call(Call& call);

}  // namespace vdsokit::personality
