// SPDX-License-Identifier: BSD-2-Clause
// The end of the machine, by PSCI.
#pragma once

#include "hosts/machine/board.h"

namespace vdsokit::virt {

void set_firmware_call(machine::FirmwareCall call);
// Without firmware the CPU sleeps for ever.
[[noreturn]] void power_off();

}  // namespace vdsokit::virt

namespace vdsokit::host {

// Tells the launcher the status (its low 8 bits) and switches off.
[[noreturn]] void shut_down(u32 status);

}  // namespace vdsokit::host
