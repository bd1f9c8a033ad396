// SPDX-License-Identifier: BSD-2-Clause
// Time: the host's Timekeeper, the tick, and the wake-up that the personality asked for. One timer,
// the virtual one, fires for whichever comes first.
#pragma once

#include "hosts/machine/device_registers.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::virt {

inline constexpr u64 ticks_per_second = 100;

// Starts the clocks at the wall clock's (PL031) time, and the tick.
void start_timer(machine::DeviceRegisters wall_clock);
// Ticks, passes the turn on, wakes.
void on_timer_interrupt();

}  // namespace vdsokit::virt

namespace vdsokit::host {

// As seam.h says.
kit::Timekeeper& timekeeper();
void set_timer(u64 nanoseconds);

}  // namespace vdsokit::host
