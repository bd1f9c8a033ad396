// SPDX-License-Identifier: BSD-2-Clause
// The two interrupts that there are, the timer's and the console's. They are masked while the
// kernel runs: EL0 is interrupted, or the idle kernel looks for them.
#pragma once

#include "hosts/machine/board.h"

namespace vdsokit::virt {

void start_interrupts(machine::Board const& board);
// All that are pending. May make threads runnable.
void handle_interrupts();
void wait_and_handle_interrupts();

}  // namespace vdsokit::virt
