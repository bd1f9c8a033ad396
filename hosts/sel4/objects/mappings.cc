// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/mappings.h"

#include "hosts/sel4/objects/slot_space.h"

namespace vdsokit::sel4 {

using kit::Access;

seL4_CapRights_t rights_of(Access access) {
    return access == Access::read_write ? seL4_ReadWrite : seL4_CanRead;
}

seL4_ARM_VMAttributes attributes_of(Access access) {
    u64 const usual = seL4_ARM_Default_VMAttributes;
    return static_cast<seL4_ARM_VMAttributes>(
        access == Access::read_execute ? usual : usual | seL4_ARM_ExecuteNever);
}

namespace {

constinit MappingCounts counts{};

void copy_into(u32 slot, FrameCap frame, Access access) {
    counts.copies += 1;
    insist(seL4_CNode_Copy(space_root(), slot, number_bits, space_root(), Slots::number(frame),
                           number_bits, rights_of(access)),
           "a copy of a frame's capability");
}

}  // namespace

MappingCounts mapping_counts() { return counts; }

MappingCap copy_frame(FrameCap frame, Access access) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) return {};
    copy_into(slot, frame, access);
    return Slots::make<MappingCap>(slot);
}

void recopy_frame(MappingCap copy, FrameCap frame, Access access) {
    u32 const slot = Slots::number(copy);
    clear_slot(slot);
    copy_into(slot, frame, access);
}

void map_page(MappingCap copy, SpaceCap space, u64 page, Access access) {
    counts.maps += 1;
    insist(seL4_ARM_Page_Map(Slots::number(copy), Slots::number(space), page, rights_of(access),
                             attributes_of(access)),
           "a page of a process");
}

void unmap_page(MappingCap copy) { insist(seL4_ARM_Page_Unmap(Slots::number(copy)), "unmap"); }

void delete_mapping(MappingCap copy) { delete_slot(Slots::number(copy)); }

bool map_table(TableCap table, SpaceCap space, u64 address) {
    return seL4_ARM_PageTable_Map(Slots::number(table), Slots::number(space), address,
                                  seL4_ARM_Default_VMAttributes) == seL4_NoError;
}

void unify_instructions(FrameCap frame) {
    insist(seL4_ARM_Page_Unify_Instruction(Slots::number(frame), 0, u64{1} << page_bits), "unify");
}

}  // namespace vdsokit::sel4
