// SPDX-License-Identifier: BSD-2-Clause
// The board's devices, as the root task uses them.
#pragma once

#include "hosts/machine/board.h"

namespace vdsokit::sel4 {

// A device's first register in the root task's space. Devices are asked for in rising order of
// their physical addresses; stops the machine if the kernel has given no such memory.
u8* device(machine::Range range);
void start_console_input(u64 interrupt);
void on_console_interrupt();

}  // namespace vdsokit::sel4
