// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/own_space.h"

#include "hosts/sel4/objects/mappings.h"
#include "hosts/sel4/objects/slot_space.h"

namespace vdsokit::sel4 {

using kit::Access;

namespace {

constinit seL4_SlotRegion own_pages{};

bool add_table_here(u64 address) {
    u32 const table = make_for_good(seL4_ARM_PageTableObject, 0, seL4_PageTableBits);
    if (table == SlotMap::none) return false;
    insist(seL4_ARM_PageTable_Map(table, seL4_CapInitThreadVSpace, address,
                                  seL4_ARM_Default_VMAttributes),
           "a page table of the root task");
    return true;
}

// Into the root task's own space, with the page tables that are missing.
bool map_here(u32 frame, u64 address, seL4_ARM_VMAttributes attributes) {
    for (;;) {
        seL4_Error const error = static_cast<seL4_Error>(seL4_ARM_Page_Map(
            frame, seL4_CapInitThreadVSpace, address, seL4_ReadWrite, attributes));
        if (error == seL4_NoError) return true;
        if (error != seL4_FailedLookup) panic("a page of the root task");
        if (!add_table_here(address)) return false;
    }
}

}  // namespace

void start_own_space(seL4_BootInfo const& info) { own_pages = info.userImageFrames; }

void protect_own_page(u64 index, u64 address, Access access) {
    u64 const slot = own_pages.start + index;
    if (slot >= own_pages.end) panic("no such page of the root task");
    if (access == Access::none) {
        insist(seL4_ARM_Page_Unmap(slot), "a guard page");
        return;
    }
    insist(seL4_ARM_Page_Map(slot, seL4_CapInitThreadVSpace, address, rights_of(access),
                             attributes_of(access)),
           "a page of the root task");
}

bool add_own_tables(u64 address) {
    constexpr u64 level_2 = u64{1} << 30, level_3 = u64{1} << 21;
    if (address % level_2 == 0 && !add_table_here(address)) return false;
    return address % level_3 != 0 || add_table_here(address);
}

bool map_own(FrameCap frame, u64 address) {
    return map_here(Slots::number(frame), address, attributes_of(Access::read_write));
}

bool map_device(u64 physical, u64 address) {
    BootUntyped* const from = boot_devices().holding(physical);
    if (from == nullptr || physical - from->physical < from->used) return false;
    // What lies before it is passed over in the largest pieces that fit.
    while (from->physical + from->used < physical) {
        u64 const place = from->used;
        u64 const gap = physical - from->physical - place;
        u32 bits = 63 - static_cast<u32>(__builtin_clzll(gap));
        if (place != 0) {
            u32 const aligned = static_cast<u32>(__builtin_ctzll(place));
            if (aligned < bits) bits = aligned;
        }
        u32 const slot = take_slot();
        if (slot == SlotMap::none) return false;
        insist(retype(from->slot, seL4_UntypedObject, bits, slot, 1), "a piece of device memory");
        from->use(1, bits);
    }
    u32 const slot = take_slot();
    if (slot == SlotMap::none) return false;
    insist(retype(from->slot, seL4_ARM_SmallPageObject, 0, slot, 1), "a device's page");
    from->use(1, page_bits);
    return map_here(slot, address, seL4_ARM_ExecuteNever);
}

}  // namespace vdsokit::sel4
