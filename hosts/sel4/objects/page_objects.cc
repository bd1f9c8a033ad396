// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/page_objects.h"

#include "hosts/sel4/objects/slot_space.h"

namespace vdsokit::sel4 {
namespace {

// A node of address-space ids serves 512 spaces; more are made when it is full.
constexpr u32 most_pools = 64;
constinit u32 pools[most_pools] = {seL4_CapInitThreadASIDPool};
constinit u32 pool_count = 1;
constinit u32 recent_pool = 0;

// An object that takes all of `page`.
template <class C>
C make_object(PageUntyped page, seL4_Word type) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) return {};
    insist(retype(Slots::number(page), type, 0, slot, 1), "an object from a page");
    return Slots::make<C>(slot);
}

}  // namespace

u64 pages_not_carved() { return boot_memory().bytes_left() >> page_bits; }

bool carve_run(PageRun& run) {
    u32 const first = take_run_of_slots(pages_per_run);
    if (first == SlotMap::none) return false;
    BootUntyped* const from = boot_memory().smallest_with_room(pages_per_run, page_bits);
    if (from == nullptr) {
        for (u32 at = 0; at < pages_per_run; ++at) give_back(first + at);
        return false;
    }
    insist(retype(from->slot, seL4_UntypedObject, page_bits, first, pages_per_run),
           "a run of pages");
    from->use(pages_per_run, page_bits);
    for (u32 at = 0; at < pages_per_run; ++at) run.pages[at] = Slots::make<PageUntyped>(first + at);
    return true;
}

FrameCap make_frame(PageUntyped page) {
    return make_object<FrameCap>(page, seL4_ARM_SmallPageObject);
}
TableCap make_table(PageUntyped page) {
    return make_object<TableCap>(page, seL4_ARM_PageTableObject);
}

SpaceCap make_space(PageUntyped page) {
    SpaceCap const space = make_object<SpaceCap>(page, seL4_ARM_VSpaceObject);
    if (space.is_null()) return space;
    for (u32 tried = 0; tried < pool_count; ++tried) {
        if (seL4_ARM_ASIDPool_Assign(pools[recent_pool], Slots::number(space)) == seL4_NoError)
            return space;
        recent_pool = (recent_pool + 1) % pool_count;
    }
    u32 const untyped =
        pool_count == most_pools
            ? SlotMap::none
            : make_for_good(seL4_UntypedObject, seL4_ASIDPoolBits, seL4_ASIDPoolBits);
    u32 const pool = untyped == SlotMap::none ? SlotMap::none : take_slot();
    if (pool != SlotMap::none) {
        insist(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, space_root(), pool,
                                             number_bits),
               "a pool of address-space ids");
        recent_pool = pool_count;
        pools[pool_count++] = pool;
        insist(seL4_ARM_ASIDPool_Assign(pool, Slots::number(space)), "an address-space id");
        return space;
    }
    delete_space(space);
    return {};
}

ThreadCap make_thread(PageUntyped page) { return make_object<ThreadCap>(page, seL4_TCBObject); }

void delete_frame(FrameCap cap) { delete_slot(Slots::number(cap)); }
void delete_table(TableCap cap) { delete_slot(Slots::number(cap)); }
void delete_space(SpaceCap cap) { delete_slot(Slots::number(cap)); }
void delete_thread(ThreadCap cap) { delete_slot(Slots::number(cap)); }

}  // namespace vdsokit::sel4
