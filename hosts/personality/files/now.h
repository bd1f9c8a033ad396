// SPDX-License-Identifier: BSD-2-Clause
// The clocks as this folder needs them, from the host's Timekeeper.
#pragma once

#include "arch/types.h"
#include "kit/time/units.h"

namespace vdsokit::personality {

kit::Timespec realtime_now();
// Nanoseconds of CLOCK_MONOTONIC, as deadlines are given.
u64 monotonic_now();
// A span or an instant in nanoseconds; no_deadline - 1 at most. Precondition: not negative.
u64 nanoseconds_of(kit::Timespec time);

}  // namespace vdsokit::personality
