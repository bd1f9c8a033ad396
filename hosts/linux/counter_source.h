// SPDX-License-Identifier: BSD-2-Clause
// Whether programs may read the clocks from the CPU's own counter.
#pragma once

#include "hosts/linux/failure.h"

namespace vdsokit::on_linux {

// Why not. The kernel's judgement changes: it leaves a counter that it finds unreliable.
Failure counter_refusal();

}  // namespace vdsokit::on_linux
