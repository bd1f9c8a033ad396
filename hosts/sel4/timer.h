// SPDX-License-Identifier: BSD-2-Clause
// Time: the host's Timekeeper, its tick, and the wake-up that the personality asked for. The counter
// is looked at before each return to a program; while a program runs, the helper sees to it that
// the root task is woken at each of the kernel's time slices.
#pragma once

#include "hosts/machine/device_registers.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::sel4 {

inline constexpr u64 ticks_per_second = 100;

void start_timer(machine::DeviceRegisters wall_clock, u64 interrupt);
// Ticks, passes the turn on, wakes, as far as it is time for that.
void check_time();
// With KernelArmExportPTMRUser: an event at the latest when something is due.
void arm_timer();
void on_timer_interrupt();

}  // namespace vdsokit::sel4

namespace vdsokit::host {

// As seam.h says.
kit::Timekeeper& timekeeper();
void set_timer(u64 nanoseconds);

}  // namespace vdsokit::host
