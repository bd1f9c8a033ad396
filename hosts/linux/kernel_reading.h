// SPDX-License-Identifier: BSD-2-Clause
// What the kernel's clocks say at a known value of the counter, as near as user code can tell.
#pragma once

#include <time.h>

#include "cpu.h"

#include "kit/time/instant.h"

namespace vdsokit::on_linux {

struct KernelReading {
    Cycles before;
    abi::Instant says;  // at some moment in between
    Cycles after;

    Cycles middle() const { return {before.value + (after.value - before.value) / 2}; }
};

KernelReading read_once(clockid_t clock);
// The one of several in which the least time passed.
KernelReading read_closely(clockid_t clock);

// Nanoseconds that `clock` is ahead of CLOCK_MONOTONIC. Where `known` can still be right it stays:
// the kernel itself keeps these differences as whole nanoseconds that only a step changes.
struct Difference {
    i64 nanoseconds;
    bool has_changed;
};
Difference ahead_of_monotonic(clockid_t clock, i64 known);

// TAI - UTC.
i32 tai_seconds();

}  // namespace vdsokit::on_linux
