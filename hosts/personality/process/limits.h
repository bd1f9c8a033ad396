// SPDX-License-Identifier: BSD-2-Clause
// Resource limits, inherited by fork. [include/uapi/asm-generic/resource.h]
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

enum class Resource : u32 {
    cpu = 0,
    file_size = 1,
    data = 2,
    stack = 3,
    core = 4,
    resident = 5,
    processes = 6,
    files = 7,
    locked = 8,
    address_space = 9,
    locks = 10,
    pending_signals = 11,
    message_queue = 12,
    nice = 13,
    realtime_priority = 14,
    realtime_time = 15,
};
inline constexpr u32 resource_count = 16;
inline constexpr u64 unlimited = ~u64{0};

class Process;

struct Limit {
    u64 soft = unlimited;
    u64 hard = unlimited;
};

// As a login on Linux finds them.
void set_first_limits(Process& process);

}  // namespace vdsokit::personality
