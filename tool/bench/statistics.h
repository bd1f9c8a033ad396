// SPDX-License-Identifier: BSD-2-Clause
// What is said of many measurements of one thing. Medians and quartiles: a machine that does other
// things meanwhile makes some of them very long, and means nothing.
#pragma once

#include <vector>

#include "arch/types.h"

namespace vdsokit::bench {

using Samples = std::vector<float>;

struct Summary {
    u64 count;
    double low;  // 5 of a hundred are below
    double lower_quartile;
    double median;
    double upper_quartile;
    double high;  // 5 of a hundred are above

    double spread() const { return upper_quartile - lower_quartile; }
};

// Sorts them. No samples: all zero.
Summary summarise(Samples& samples);

// How many of sorted `samples` are in each of `bins` equal parts of [from, to); the rest is beyond.
struct Histogram {
    double from;
    double to;
    std::vector<u64> counts;
    u64 beyond;
};
Histogram histogram(Samples const& sorted, double from, double to, u32 bins);

}  // namespace vdsokit::bench
