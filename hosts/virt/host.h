// SPDX-License-Identifier: BSD-2-Clause
// The seam's host side (hosts/personality/seam.h), as this kernel supplies it.
#pragma once

#include "hosts/machine/console.h"
#include "hosts/machine/random.h"
#include "hosts/personality/host_types.h"
#include "hosts/virt/cpu/features.h"
#include "hosts/virt/memory/address_space.h"
#include "hosts/virt/memory/frames.h"
#include "hosts/virt/power.h"
#include "hosts/virt/thread.h"
#include "hosts/virt/timer.h"

namespace vdsokit::host {

// The kernel is this host's own.
constexpr kit::Maybe<u32> call_replacement() { return kit::Nothing{}; }

}  // namespace vdsokit::host
