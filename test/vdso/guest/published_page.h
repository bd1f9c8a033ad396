// SPDX-License-Identifier: BSD-2-Clause
// What a test publishes under qemu-user, where Arm's CNTVCT counts the host's CLOCK_REALTIME from
// 1970, in whole microseconds. So REALTIME is the counter itself, and every other clock is it plus
// an offset that is measured once. Other CPUs do not state the counter's rate; there the page says
// 1 GHz, which makes no clock right, but each a number that a test can compute from the counter.
#pragma once

#include <ctime>

#include "abi/time_page.h"
#include "vdso/types.h"

namespace vdsokit::test {

// How far the page may be behind the system call: the counter's own step, and how well the offset
// could be measured.
struct Published {
    i64 late_ns[abi::clock_lines];
};

// Publishes every clock that has a line, from the counter; coarse ones hold the present value.
// `resolution` and `coarse_resolution` are in ns.
Published publish(abi::TimePage& page, u32 resolution, u32 coarse_resolution);

// Lets every clock of the page run at 1 GHz from `cycle_last`, which is `base_seconds` s.
void publish_gigahertz(abi::TimePage& page, u64 cycle_last, i64 base_seconds);

// The system call itself, whatever libc does.
vdso::Timespec system_clock(clockid_t clock);
i64 nanoseconds(vdso::Timespec time);

}  // namespace vdsokit::test
