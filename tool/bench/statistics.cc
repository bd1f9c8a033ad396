// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/statistics.h"

#include <algorithm>
#include <cmath>

namespace vdsokit::bench {

namespace {

// Between two samples it is interpolated. Precondition: not empty.
double quantile(Samples const& sorted, double part) {
    double const at = part * static_cast<double>(sorted.size() - 1);
    auto const below = static_cast<std::size_t>(std::floor(at));
    std::size_t const above = std::min(below + 1, sorted.size() - 1);
    double const rest = at - static_cast<double>(below);
    return double{sorted[below]} * (1 - rest) + double{sorted[above]} * rest;
}

}  // namespace

Summary summarise(Samples& samples) {
    if (samples.empty()) return {};
    std::sort(samples.begin(), samples.end());
    return {samples.size(),          quantile(samples, 0.05), quantile(samples, 0.25),
            quantile(samples, 0.50), quantile(samples, 0.75), quantile(samples, 0.95)};
}

Histogram histogram(Samples const& sorted, double from, double to, u32 bins) {
    Histogram result{from, to, std::vector<u64>(bins), 0};
    for (float const sample : sorted) {
        double const at = (double{sample} - from) / (to - from) * bins;
        if (at >= 0 && at < bins)
            ++result.counts[static_cast<std::size_t>(at)];
        else
            ++result.beyond;
    }
    return result;
}

}  // namespace vdsokit::bench
