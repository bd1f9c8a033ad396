// SPDX-License-Identifier: BSD-2-Clause
// Linux's clock ids [include/uapi/linux/time.h] and the groups that a vDSO treats alike
// [lib/vdso/gettimeofday.c].
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

enum class ClockId : u32 {
    realtime = 0,
    monotonic = 1,
    process_cputime = 2,
    thread_cputime = 3,
    monotonic_raw = 4,
    realtime_coarse = 5,
    monotonic_coarse = 6,
    boottime = 7,
    realtime_alarm = 8,
    boottime_alarm = 9,
    tai = 11,
};

// Ids 0 to 11 have a line each in the time page; those that are not served say "none" there.
inline constexpr u32 clock_lines = 12;

constexpr u32 bit(ClockId clock) { return u32{1} << static_cast<u32>(clock); }

// Answered from a base and the counter.
inline constexpr u32 high_resolution_clocks = bit(ClockId::realtime) | bit(ClockId::monotonic) |
                                              bit(ClockId::monotonic_raw) | bit(ClockId::boottime) |
                                              bit(ClockId::tai);

// Answered as of the last tick.
inline constexpr u32 coarse_clocks = bit(ClockId::realtime_coarse) | bit(ClockId::monotonic_coarse);

// `id` is what a process passed: any 32 bits.
constexpr bool in_group(u32 id, u32 group) { return id < clock_lines && ((group >> id) & 1) != 0; }

}  // namespace vdsokit::abi
