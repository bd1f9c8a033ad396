// SPDX-License-Identifier: BSD-2-Clause
// Runs everything interleaved. In one round each row's subjects follow each other, in an order that
// rotates, so that whatever else the machine does meets all alike; the ratios are taken inside a
// round. The conditions (cores, writes a second) take turns too, in short slices.
#pragma once

#include <functional>
#include <vector>

#include "tool/bench/publisher.h"
#include "tool/bench/statistics.h"
#include "tool/bench/subjects.h"

namespace vdsokit::bench {

struct Condition {
    u32 cores;  // so many threads, each on a core of its own
    u32 writes_per_second;
};

// Of one subject of one row under one condition.
struct Series {
    Samples nanoseconds;
    Samples to_counter;  // how many times the bare ordered counter, in the same round
    Samples to_kernel;   // the kernel's vDSO
    Samples to_other;    // the second image
};

struct Measured {
    Condition condition;
    double seconds = 0;
    u64 writes = 0;                                         // done, in those seconds
    std::vector<std::array<Series, subject_count>> series;  // a row each
};

// Conditions for this machine: 1 core, 2, 4, ... and all that this process may run on; each while
// nobody writes, and once and 1,000 times a second.
std::vector<Condition> conditions(u32 cores);
std::vector<u32> usable_cpus();

// Told after each slice: which part is done, what was measured.
using Progress = std::function<void(double part, Condition const& condition)>;

std::vector<Measured> measure(std::vector<Row> const& rows, Publisher& publisher, u64 frequency,
                              std::vector<Condition> const& conditions, double seconds,
                              Progress const& progress);

}  // namespace vdsokit::bench
