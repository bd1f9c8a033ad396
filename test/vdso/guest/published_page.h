// SPDX-License-Identifier: BSD-2-Clause
// What a test publishes under qemu-user, where CNTVCT_EL0 counts the host's CLOCK_REALTIME from
// 1970, in whole microseconds. So REALTIME is the counter itself, and every other clock is it plus
// an offset that is measured once.
#pragma once

#include <ctime>

#include "abi/time_page.h"

namespace vdsokit::test {

// How far the page may be behind the system call: the counter's own step, and how well the offset
// could be measured.
struct Published {
    i64 late_ns[abi::clock_lines];
};

// Publishes every clock that has a line, from the counter; coarse ones hold the present value.
// `resolution` and `coarse_resolution` are in ns.
Published publish(abi::TimePage& page, u32 resolution, u32 coarse_resolution);

// The system call itself, whatever libc does.
timespec system_clock(clockid_t clock);
i64 nanoseconds(timespec time);

}  // namespace vdsokit::test
