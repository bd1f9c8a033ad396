// SPDX-License-Identifier: BSD-2-Clause
// Pages and page tables in the address space of a process. A mapping has a copy of its frame's
// capability, with no right that it does not need.
#pragma once

#include "hosts/sel4/objects/capabilities.h"

namespace vdsokit::sel4 {

// What mappings have cost since the start, for tests of what an exec costs.
struct MappingCounts {
    u64 copies;  // of frame capabilities
    u64 maps;
};
MappingCounts mapping_counts();

MappingCap copy_frame(FrameCap frame, kit::Access access);
void recopy_frame(MappingCap copy, FrameCap frame, kit::Access access);
void map_page(MappingCap copy, SpaceCap space, u64 page, kit::Access access);
void unmap_page(MappingCap copy);
void delete_mapping(MappingCap copy);
// At the next level for which nothing is there.
[[nodiscard]] bool map_table(TableCap table, SpaceCap space, u64 address);
// Instructions were written to the frame.
void unify_instructions(FrameCap frame);

// How the kernel is asked for `access`: execute is an attribute there, no right.
seL4_CapRights_t rights_of(kit::Access access);
seL4_ARM_VMAttributes attributes_of(kit::Access access);

}  // namespace vdsokit::sel4
