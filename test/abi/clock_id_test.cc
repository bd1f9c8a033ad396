// SPDX-License-Identifier: BSD-2-Clause
#include "abi/clock_id.h"

#include <gtest/gtest.h>

#include <time.h>

namespace vdsokit::abi {
namespace {

struct ClockCase {
    u32 id;
    bool high_resolution;
    bool coarse;
    char const* reason;
};

TEST(ClockIds, EachIdIsInTheGroupThatLinuxPutsItIn) {
    constexpr ClockCase cases[] = {
        {CLOCK_REALTIME, true, false, "base and counter"},
        {CLOCK_MONOTONIC, true, false, "base and counter"},
        {CLOCK_PROCESS_CPUTIME_ID, false, false, "only the kernel knows"},
        {CLOCK_THREAD_CPUTIME_ID, false, false, "only the kernel knows"},
        {CLOCK_MONOTONIC_RAW, true, false, "base and counter, never slewed"},
        {CLOCK_REALTIME_COARSE, false, true, "as of the last tick"},
        {CLOCK_MONOTONIC_COARSE, false, true, "as of the last tick"},
        {CLOCK_BOOTTIME, true, false, "base and counter"},
        {CLOCK_REALTIME_ALARM, false, false, "Linux makes the system call"},
        {CLOCK_BOOTTIME_ALARM, false, false, "Linux makes the system call"},
        {10, false, false, "no clock has this id any more"},
        {CLOCK_TAI, true, false, "base and counter"},
        {12, false, false, "the first id without a line"},
        {32, false, false, "a shift by 32 would be a shift by 0: REALTIME"},
        {33, false, false, "likewise MONOTONIC"},
        {0xffff'ffff, false, false, "a process passed -1"},
    };
    for (ClockCase const& c : cases) {
        EXPECT_EQ(in_group(c.id, high_resolution_clocks), c.high_resolution) << c.id << c.reason;
        EXPECT_EQ(in_group(c.id, coarse_clocks), c.coarse) << c.id << c.reason;
    }
}

}  // namespace
}  // namespace vdsokit::abi
