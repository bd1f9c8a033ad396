// SPDX-License-Identifier: BSD-2-Clause
// The tables with which the MMU is turned on. Runs with it off, at the load address: nothing here
// may use a stored address, and accesses are aligned (-mstrict-align).
#pragma once

#include "arch/types.h"
#include "hosts/virt/memory/page_table.h"

namespace vdsokit::virt {

// What entry.S writes to the registers of these names.
struct EarlyControl {
    u64 ttbr0;  // the page that turns the MMU on, at its physical address
    u64 ttbr1;
    u64 tcr;
    u64 mair;
    u64 sctlr;
};
static_assert(sizeof(EarlyControl) == 40);

// The kernel's root table; memory/kernel_map adds to it. And a table that maps nothing, for
// TTBR0_EL1 while no process is to be reached.
extern "C" PageTable kernel_root;
extern "C" PageTable empty_root;

// `image` and `device_tree` are physical; `image` is a multiple of 2 MiB.
extern "C" void prepare_early_map(EarlyControl& control, u64 image, u64 device_tree);

}  // namespace vdsokit::virt
