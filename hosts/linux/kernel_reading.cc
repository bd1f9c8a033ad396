// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/kernel_reading.h"

#include <sys/timex.h>

#include <algorithm>
#include <limits>

namespace vdsokit::on_linux {

namespace {

constexpr int attempts = 8;

i64 nanoseconds_of(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return i64{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

KernelReading read_once(clockid_t clock) {
    timespec now{};
    Cycles const before = arch::read_counter(CounterKind::virtual_count);
    clock_gettime(clock, &now);
    Cycles const after = arch::read_counter(CounterKind::virtual_count);
    return {before, kit::instant_of({now.tv_sec, static_cast<u32>(now.tv_nsec)}), after};
}

KernelReading read_closely(clockid_t clock) {
    KernelReading best = read_once(clock);
    for (int attempt = 1; attempt < attempts; ++attempt) {
        KernelReading const other = read_once(clock);
        if (other.after.value - other.before.value < best.after.value - best.before.value)
            best = other;
    }
    return best;
}

Difference ahead_of_monotonic(clockid_t clock, i64 known) {
    i64 least = std::numeric_limits<i64>::min();
    i64 most = std::numeric_limits<i64>::max();
    for (int attempt = 0; attempt < attempts; ++attempt) {
        i64 const before = nanoseconds_of(CLOCK_MONOTONIC);
        i64 const other = nanoseconds_of(clock);
        i64 const after = nanoseconds_of(CLOCK_MONOTONIC);
        least = std::max(least, other - after);
        most = std::min(most, other - before);
    }
    if (least <= known && known <= most) return {known, false};
    // least > most: it was set in between; the next look settles it.
    return {least + (most - least) / 2, true};
}

i32 tai_seconds() {
    timex query{};
    return adjtimex(&query) < 0 ? 0 : query.tai;
}

}  // namespace vdsokit::on_linux
