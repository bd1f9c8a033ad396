// SPDX-License-Identifier: BSD-2-Clause
// The root task's own address space.
#pragma once

#include "hosts/sel4/objects/capabilities.h"

namespace vdsokit::sel4 {

// From the BootInfo: which capabilities the pages of the root task's image have.
void start_own_space(seL4_BootInfo const& info);
// The root task's own pages, as the kernel mapped them: all rights. `access` from here on.
void protect_own_page(u64 index, u64 address, kit::Access access);
// A frame, read-write, never executable.
[[nodiscard]] bool map_own(FrameCap frame, u64 address);
// The page tables for a run of addresses that is used from its start, at a multiple of 1 GiB, up:
// called for each page before it is mapped. (Mapping without them fails, which kernels with
// printing say on the console.)
[[nodiscard]] bool add_own_tables(u64 address);
// A device's page at `address`. False: no such memory.
[[nodiscard]] bool map_device(u64 physical, u64 address);

}  // namespace vdsokit::sel4
