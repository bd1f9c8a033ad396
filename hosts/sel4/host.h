// SPDX-License-Identifier: BSD-2-Clause
// The seam's host side (hosts/personality/seam.h), as the root task supplies it.
#pragma once

#include "hosts/machine/console.h"
#include "hosts/machine/random.h"
#include "hosts/personality/host_types.h"
#include "hosts/sel4/faults.h"
#include "hosts/sel4/memory/address_space.h"
#include "hosts/sel4/memory/frames.h"
#include "hosts/sel4/thread.h"
#include "hosts/sel4/timer.h"

namespace vdsokit::host {

CpuFeatures cpu_features();
// Tells the launcher the status (its low 8 bits). Only the kernel could switch the machine off: it
// stands still, and the launcher ends it.
[[noreturn]] void shut_down(u32 status);

// `brk #0x5e4`: the kernel takes its own calls from `svc`, by another register than Linux.
constexpr kit::Maybe<u32> call_replacement() { return sel4::call_instruction; }

}  // namespace vdsokit::host
