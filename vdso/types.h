// SPDX-License-Identifier: BSD-2-Clause
// What a process hands to the exported functions: Linux's structures of a 64-bit process.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

struct Timespec {
    i64 seconds;
    i64 nanoseconds;
};

struct Timeval {
    i64 seconds;
    i64 microseconds;
};

struct Timezone {
    i32 minutes_west;
    i32 dst;
};

}  // namespace vdsokit::vdso
