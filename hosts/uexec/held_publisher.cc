// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/held_publisher.h"

#include "hosts/uexec/host_clock.h"
#include "kit/time/instant.h"

namespace vdsokit::uexec {

namespace {

constexpr int period_milliseconds = 4;
constexpr u32 period_nanoseconds = period_milliseconds * 1'000'000;
constexpr u32 clocks = abi::high_resolution_clocks | abi::coarse_clocks;
constexpr u32 wall_clocks = abi::bit(abi::ClockId::realtime) | abi::bit(abi::ClockId::tai) |
                            abi::bit(abi::ClockId::realtime_coarse);

}  // namespace

void HeldPublisher::attach(abi::TimePage& page) {
    writer_.attach(page);
    writer_.store_resolution(period_nanoseconds, period_nanoseconds);
    follow();
}

int HeldPublisher::follow() {
    kit::LineContents contents{};
    for (u32 id = 0; id < abi::clock_lines; ++id) {
        if (!abi::in_group(id, clocks)) continue;
        kit::Timespec now = timespec_of_nanoseconds(nanoseconds_of(static_cast<clockid_t>(id)));
        if (abi::in_group(id, wall_clocks)) now.seconds += wall_offset_;
        abi::Instant const base = kit::instant_of(now);
        contents.of[id].mode = abi::ClockMode::held;
        contents.of[id].values.base_seconds = base.seconds;
        contents.of[id].values.base_fraction = base.fraction;
    }
    writer_.lock(clocks);
    writer_.unlock(clocks, contents);
    return period_milliseconds;
}

void HeldPublisher::withdraw() {
    writer_.lock(clocks);
    writer_.unlock(clocks, {});
}

}  // namespace vdsokit::uexec
