// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/now.h"

#include "abi/conversion.h"
#include "hosts/personality/outcome.h"
#include "hosts/personality/seam.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::personality {

namespace {

// The epoch, before the host has started its clocks.
kit::Timespec read(abi::ClockId clock) {
    auto const time = host::timekeeper().read(clock);
    return time ? time.value() : kit::Timespec{0, 0};
}

}  // namespace

kit::Timespec realtime_now() { return read(abi::ClockId::realtime); }

u64 monotonic_now() { return nanoseconds_of(read(abi::ClockId::monotonic)); }

u64 nanoseconds_of(kit::Timespec time) {
    u64 const seconds = static_cast<u64>(time.seconds);
    constexpr u64 per_second = abi::nanoseconds_per_second;
    if (seconds >= no_deadline / per_second) return no_deadline - 1;
    return seconds * per_second + time.nanoseconds;
}

}  // namespace vdsokit::personality
