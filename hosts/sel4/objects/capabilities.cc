// SPDX-License-Identifier: BSD-2-Clause
// The one file that knows slot numbers and makes the kernel's calls on them.
#include "hosts/sel4/objects/capabilities.h"

#include "hosts/sel4/objects/boot_memory.h"
#include "hosts/sel4/objects/slots.h"
#include "hosts/sel4/panic.h"

namespace vdsokit::sel4 {

// Converts between numbers and types, for this file.
struct Slots {
    template <class C>
    static C make(u32 slot) {
        return C(slot);
    }
    template <class C>
    static u32 number(C cap) {
        return cap.slot_;
    }
};

namespace {

using kit::Access;

// Node 0 of the new space is the node that the kernel made, so that its capabilities keep their
// numbers. A number is node and place in it, from the top: 22 bits, the rest is guard.
constexpr u32 number_bits = 22;
constexpr u32 page_bits = seL4_PageBits;
constexpr u64 root_priority = seL4_MaxPrio;
constexpr u64 program_priority = 100;
constexpr u32 child_node_bits = 1;
constexpr u32 guard_value_bits = 58;  // what a capability can hold; the guard is 63 bits long
constexpr u32 child_guard_bits = seL4_WordBits - child_node_bits;

constinit SlotMap slots;
constinit BootMemory memory;
constinit BootMemory devices;
constinit u32 space_root = 0;  // the node of nodes
constinit u32 endpoint = 0;
constinit u32 notification = 0;
constinit u32 child_node = 0;  // the programs' whole capability space: the way to `endpoint`
constinit u64 child_guard = 0;
constinit u32 helper = 0;
constinit seL4_SlotRegion own_pages{};

// A node of address-space ids serves 512 spaces; more are made when it is full.
constexpr u32 most_pools = 64;
constinit u32 pools[most_pools] = {};
constinit u32 pool_count = 0;
constinit u32 recent_pool = 0;

constexpr u64 fault_badge = u64{1} << 32;
constexpr u64 bit_of(Event event) { return u64{1} << static_cast<u32>(event); }

void insist(seL4_Error error, char const* what) {
    if (error != seL4_NoError) panic(what);
}

seL4_Word guard(u64 value, u64 bits) { return seL4_CNode_CapData_new(value, bits).words[0]; }

u32 node_of(u32 slot) { return slot >> slots.node_bits(); }
u32 place_of(u32 slot) { return slot & ((u32{1} << slots.node_bits()) - 1); }

seL4_Error retype(u32 from, seL4_Word type, u64 size_bits, u32 first, u64 count) {
    return seL4_Untyped_Retype(from, type, size_bits, space_root, node_of(first),
                               number_bits - slots.node_bits(), place_of(first), count);
}

// More slots. The node is not given back.
bool grow_slots() {
    if (!slots.may_grow()) return false;
    u32 const bits = slots.node_bits() + seL4_SlotBits;
    BootUntyped* const from = memory.smallest_with_room(1, bits);
    if (from == nullptr) return false;
    insist(static_cast<seL4_Error>(seL4_Untyped_Retype(from->slot, seL4_CapTableObject,
                                                       slots.node_bits(), space_root, 0, 0,
                                                       slots.nodes(), 1)),
           "a node of slots");
    from->use(1, bits);
    slots.grow();
    return true;
}

u32 take_slot() {
    u32 const slot = slots.take();
    if (slot != SlotMap::none || !grow_slots()) return slot;
    return slots.take();
}

void give_back(u32 slot) {
    if (!slots.give_back(slot)) panic("a slot that was free is given back");
}

void delete_slot(u32 slot) {
    insist(static_cast<seL4_Error>(seL4_CNode_Delete(space_root, slot, number_bits)), "delete");
    give_back(slot);
}

// One object from boot memory, for good. none: no memory or no slot.
u32 make_for_good(seL4_Word type, u64 size_bits, u32 object_bits) {
    // The slot first: its node may come out of the same untyped.
    u32 const slot = take_slot();
    if (slot == SlotMap::none) return slot;
    BootUntyped* const from = memory.smallest_with_room(1, object_bits);
    if (from == nullptr) {
        give_back(slot);
        return SlotMap::none;
    }
    insist(retype(from->slot, type, size_bits, slot, 1), "an object from boot memory");
    from->use(1, object_bits);
    return slot;
}

// An object that takes all of `page`.
template <class C>
C make_object(PageUntyped page, seL4_Word type) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) return {};
    insist(retype(Slots::number(page), type, 0, slot, 1), "an object from a page");
    return Slots::make<C>(slot);
}

u32 mint(u32 from, u64 badge) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) panic("no slot for a notification");
    insist(static_cast<seL4_Error>(seL4_CNode_Mint(space_root, slot, number_bits, space_root, from,
                                                   number_bits, seL4_AllRights, badge)),
           "mint");
    return slot;
}

seL4_CapRights_t rights_of(Access access) {
    return access == Access::read_write ? seL4_ReadWrite : seL4_CanRead;
}

seL4_ARM_VMAttributes attributes_of(Access access) {
    u64 const usual = seL4_ARM_Default_VMAttributes;
    return static_cast<seL4_ARM_VMAttributes>(
        access == Access::read_execute ? usual : usual | seL4_ARM_ExecuteNever);
}

bool add_table_here(u64 address) {
    u32 const table = make_for_good(seL4_ARM_PageTableObject, 0, seL4_PageTableBits);
    if (table == SlotMap::none) return false;
    insist(static_cast<seL4_Error>(seL4_ARM_PageTable_Map(table, seL4_CapInitThreadVSpace, address,
                                                          seL4_ARM_Default_VMAttributes)),
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

// A space of more slots: the kernel's own node becomes node 0 of a node of nodes.
void make_space_of_slots(seL4_BootInfo const& info) {
    u32 const node_bits = static_cast<u32>(info.initThreadCNodeSizeBits);
    if (node_bits >= number_bits - 2) panic("KernelRootCNodeSizeBits is too large");
    u32 const root_bits = number_bits - node_bits;
    slots.start(node_bits, static_cast<u32>(info.empty.start), static_cast<u32>(info.empty.end));
    u32 const slot = slots.take();
    BootUntyped* const from = memory.smallest_with_room(1, root_bits + seL4_SlotBits);
    if (slot == SlotMap::none || from == nullptr) panic("no memory for the root of all slots");
    insist(static_cast<seL4_Error>(seL4_Untyped_Retype(from->slot, seL4_CapTableObject, root_bits,
                                                       seL4_CapInitThreadCNode, 0, 0, slot, 1)),
           "the root of all slots");
    from->use(1, root_bits + seL4_SlotBits);
    insist(static_cast<seL4_Error>(seL4_CNode_Mint(slot, 0, static_cast<u8>(root_bits),
                                                   seL4_CapInitThreadCNode, seL4_CapInitThreadCNode,
                                                   seL4_WordBits, seL4_AllRights, guard(0, 0))),
           "node 0");
    insist(static_cast<seL4_Error>(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, seL4_CapNull, slot,
                                                     guard(0, seL4_WordBits - number_bits),
                                                     seL4_CapInitThreadVSpace, 0)),
           "the root task's space of slots");
    space_root = slot;
}

// The only thing that a program's thread can name: the endpoint of its faults, behind a guard that
// no program knows.
void make_child_node(u64 guard_seed) {
    child_node =
        make_for_good(seL4_CapTableObject, child_node_bits, child_node_bits + seL4_SlotBits);
    if (child_node == SlotMap::none) panic("no memory for the programs' slots");
    constexpr u64 place = 1;
    insist(static_cast<seL4_Error>(seL4_CNode_Mint(child_node, place, child_node_bits, space_root,
                                                   endpoint, number_bits, seL4_AllRights,
                                                   fault_badge)),
           "the programs' fault endpoint");
    child_guard = guard_seed & ((u64{1} << guard_value_bits) - 1);
}

u64 child_fault_endpoint() { return child_guard << child_node_bits | 1; }

}  // namespace

void start_capabilities(seL4_BootInfo const& info, u64 guard_seed) {
    own_pages = info.userImageFrames;
    u64 const count = info.untyped.end - info.untyped.start;
    for (u64 at = 0; at < count; ++at) {
        seL4_UntypedDesc const& each = info.untypedList[at];
        BootUntyped const untyped{.slot = static_cast<u32>(info.untyped.start + at),
                                  .size_bits = each.sizeBits,
                                  .physical = each.paddr};
        if (!(each.isDevice != 0 ? devices : memory).add(untyped)) panic("too many untypeds");
    }
    make_space_of_slots(info);
    endpoint = make_for_good(seL4_EndpointObject, 0, seL4_EndpointBits);
    notification = make_for_good(seL4_NotificationObject, 0, seL4_NotificationBits);
    if (endpoint == SlotMap::none || notification == SlotMap::none) panic("no memory at all");
    insist(static_cast<seL4_Error>(seL4_TCB_BindNotification(seL4_CapInitThreadTCB, notification)),
           "the root task's notification");
    make_child_node(guard_seed);
    pools[pool_count++] = seL4_CapInitThreadASIDPool;
}

u64 pages_not_carved() { return memory.bytes_left() >> page_bits; }

bool carve_run(PageRun& run) {
    u32 first = slots.take_run(pages_per_run);
    if (first == SlotMap::none) {
        if (!grow_slots()) return false;
        first = slots.take_run(pages_per_run);
        if (first == SlotMap::none) return false;
    }
    BootUntyped* const from = memory.smallest_with_room(pages_per_run, page_bits);
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
        insist(static_cast<seL4_Error>(seL4_ARM_ASIDControl_MakePool(
                   seL4_CapASIDControl, untyped, space_root, pool, number_bits)),
               "a pool of address-space ids");
        recent_pool = pool_count;
        pools[pool_count++] = pool;
        insist(static_cast<seL4_Error>(seL4_ARM_ASIDPool_Assign(pool, Slots::number(space))),
               "an address-space id");
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

bool add_own_tables(u64 address) {
    constexpr u64 level_2 = u64{1} << 30, level_3 = u64{1} << 21;
    if (address % level_2 == 0 && !add_table_here(address)) return false;
    return address % level_3 != 0 || add_table_here(address);
}

bool map_own(FrameCap frame, u64 address) {
    return map_here(Slots::number(frame), address, attributes_of(Access::read_write));
}

void unify_instructions(FrameCap frame) {
    insist(static_cast<seL4_Error>(
               seL4_ARM_Page_Unify_Instruction(Slots::number(frame), 0, u64{1} << page_bits)),
           "unify");
}

namespace {
void copy_into(u32 slot, FrameCap frame, Access access) {
    insist(static_cast<seL4_Error>(seL4_CNode_Copy(space_root, slot, number_bits, space_root,
                                                   Slots::number(frame), number_bits,
                                                   rights_of(access))),
           "a copy of a frame's capability");
}
}  // namespace

MappingCap copy_frame(FrameCap frame, Access access) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) return {};
    copy_into(slot, frame, access);
    return Slots::make<MappingCap>(slot);
}

void recopy_frame(MappingCap copy, FrameCap frame, Access access) {
    u32 const slot = Slots::number(copy);
    insist(static_cast<seL4_Error>(seL4_CNode_Delete(space_root, slot, number_bits)), "delete");
    copy_into(slot, frame, access);
}

void map_page(MappingCap copy, SpaceCap space, u64 page, Access access) {
    insist(
        static_cast<seL4_Error>(seL4_ARM_Page_Map(Slots::number(copy), Slots::number(space), page,
                                                  rights_of(access), attributes_of(access))),
        "a page of a process");
}

void unmap_page(MappingCap copy) {
    insist(static_cast<seL4_Error>(seL4_ARM_Page_Unmap(Slots::number(copy))), "unmap");
}

void delete_mapping(MappingCap copy) { delete_slot(Slots::number(copy)); }

bool map_table(TableCap table, SpaceCap space, u64 address) {
    return seL4_ARM_PageTable_Map(Slots::number(table), Slots::number(space), address,
                                  seL4_ARM_Default_VMAttributes) == seL4_NoError;
}

bool configure_thread(ThreadCap thread, SpaceCap space) {
    u32 const slot = Slots::number(thread);
    return seL4_TCB_Configure(slot, child_fault_endpoint(), child_node,
                              guard(child_guard, child_guard_bits), Slots::number(space), 0, 0,
                              seL4_CapNull) == seL4_NoError &&
           seL4_TCB_SetSchedParams(slot, seL4_CapInitThreadTCB, 0, program_priority) ==
               seL4_NoError;
}

void read_registers(ThreadCap thread, seL4_UserContext& context) {
    constexpr u64 all = sizeof(seL4_UserContext) / sizeof(seL4_Word);
    insist(static_cast<seL4_Error>(
               seL4_TCB_ReadRegisters(Slots::number(thread), true, 0, all, &context)),
           "a thread's registers");
}

void write_registers(ThreadCap thread, seL4_UserContext& context, u64 count) {
    insist(static_cast<seL4_Error>(
               seL4_TCB_WriteRegisters(Slots::number(thread), true, 0, count, &context)),
           "a thread's registers");
}

bool start_helper(PageUntyped page, void (*entry)(u64), u8* stack_top) {
    ThreadCap const thread = make_thread(page);
    if (thread.is_null()) return false;
    helper = Slots::number(thread);
    seL4_UserContext context{};
    context.pc = reinterpret_cast<seL4_Word>(entry);
    context.sp = reinterpret_cast<seL4_Word>(stack_top);
    context.x0 = mint(notification, bit_of(Event::tick));
    return seL4_TCB_Configure(helper, seL4_CapNull, space_root,
                              guard(0, seL4_WordBits - number_bits), seL4_CapInitThreadVSpace, 0, 0,
                              seL4_CapNull) == seL4_NoError &&
           seL4_TCB_SetSchedParams(helper, seL4_CapInitThreadTCB, 0, program_priority) ==
               seL4_NoError &&
           seL4_TCB_WriteRegisters(helper, false, 0, sizeof(context) / sizeof(seL4_Word),
                                   &context) == seL4_NoError;
}

void resume_helper() { insist(static_cast<seL4_Error>(seL4_TCB_Resume(helper)), "the helper"); }
void stop_helper() { insist(static_cast<seL4_Error>(seL4_TCB_Suspend(helper)), "the helper"); }

bool map_device(u64 physical, u64 address) {
    BootUntyped* const from = devices.holding(physical);
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

InterruptCap take_interrupt(u64 number, Event event) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) panic("no slot for an interrupt");
    insist(static_cast<seL4_Error>(
               seL4_IRQControl_Get(seL4_CapIRQControl, number, space_root, slot, number_bits)),
           "an interrupt");
    insist(static_cast<seL4_Error>(
               seL4_IRQHandler_SetNotification(slot, mint(notification, bit_of(event)))),
           "an interrupt's notification");
    return Slots::make<InterruptCap>(slot);
}

void finish_interrupt(InterruptCap cap) {
    insist(static_cast<seL4_Error>(seL4_IRQHandler_Ack(Slots::number(cap))), "an interrupt's end");
}

namespace {
Arrival arrival(seL4_MessageInfo_t info, u64 badge) {
    return {.is_fault = (badge & fault_badge) != 0, .events = badge & ~fault_badge, .fault = info};
}
}  // namespace

Arrival wait() {
    seL4_Word badge = 0;
    seL4_MessageInfo_t const info = seL4_Recv(endpoint, &badge);
    return arrival(info, badge);
}

Arrival poll() {
    seL4_Word badge = 0;
    seL4_MessageInfo_t const info = seL4_NBRecv(endpoint, &badge);
    return arrival(info, badge);
}

void protect_own_page(u64 index, u64 address, Access access) {
    u64 const slot = own_pages.start + index;
    if (slot >= own_pages.end) panic("no such page of the root task");
    if (access == Access::none) {
        insist(static_cast<seL4_Error>(seL4_ARM_Page_Unmap(slot)), "a guard page");
        return;
    }
    insist(static_cast<seL4_Error>(seL4_ARM_Page_Map(slot, seL4_CapInitThreadVSpace, address,
                                                     rights_of(access), attributes_of(access))),
           "a page of the root task");
}

void stop_running() {
    for (;;) seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

u64 slots_used() { return slots.used(); }

}  // namespace vdsokit::sel4
