// SPDX-License-Identifier: BSD-2-Clause
// What processes have used, and what there is: getrusage, times, sysinfo, uname, limits.
#pragma once

#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// struct rusage. Time is all counted as the program's own: the host measures it as one.
struct UserUsage {
    i64 user_seconds, user_microseconds;
    i64 system_seconds, system_microseconds;
    i64 others[14];
};
static_assert(sizeof(UserUsage) == 144);

// struct sysinfo.
struct UserSysinfo {
    i64 uptime;
    u64 loads[3];
    u64 total_memory, free_memory, shared_memory, buffer_memory, total_swap, free_swap;
    u16 processes;
    u16 pad;
    u32 pad2;
    u64 total_high, free_high;
    u32 unit;
    u32 pad3;
};
static_assert(sizeof(UserSysinfo) == 112);

UserUsage usage_of(u64 run_time);
// Its own and that of the children for which it has waited.
UserUsage usage_of_child(Process& child);

Outcome getrusage_call(Call& call);
Outcome times_call(Call& call);
Outcome sysinfo_call(Call& call);
Outcome uname_call(Call& call);
Outcome prlimit_call(Call& call);
Outcome getrlimit_call(Call& call);
Outcome setrlimit_call(Call& call);

}  // namespace vdsokit::personality
