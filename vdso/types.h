// SPDX-License-Identifier: BSD-2-Clause
// What a process hands to the exported functions: Linux's structures.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

// Of every 64-bit process, and of the functions whose name ends in 64 in a 32-bit one.
struct Timespec {
    i64 seconds;
    i64 nanoseconds;
};

// Of the first functions of a 32-bit process; from 2038 on the seconds wrap, like Linux's.
struct Timespec32 {
    i32 seconds;
    i32 nanoseconds;
};

// `long` is the process's own word on every CPU. [Linux uapi/linux/time.h: __kernel_old_timeval]
struct Timeval {
    long seconds;
    long microseconds;
};

struct Timezone {
    i32 minutes_west;
    i32 dst;
};

}  // namespace vdsokit::vdso
