// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/slot_space.h"

namespace vdsokit::sel4 {
namespace {

constinit SlotMap slots;
constinit BootMemory memory;
constinit BootMemory devices;
constinit u32 root = 0;

u32 node_of(u32 slot) { return slot >> slots.node_bits(); }
u32 place_of(u32 slot) { return slot & ((u32{1} << slots.node_bits()) - 1); }

// More slots. The node is not given back.
bool grow_slots() {
    if (!slots.may_grow()) return false;
    u32 const bits = slots.node_bits() + seL4_SlotBits;
    BootUntyped* const from = memory.smallest_with_room(1, bits);
    if (from == nullptr) return false;
    insist(seL4_Untyped_Retype(from->slot, seL4_CapTableObject, slots.node_bits(), root, 0, 0,
                               slots.nodes(), 1),
           "a node of slots");
    from->use(1, bits);
    slots.grow();
    return true;
}

// Node 0 of the new space is the node that the kernel made, so that its capabilities keep their
// numbers.
void make_space_of_slots(seL4_BootInfo const& info) {
    u32 const node_bits = static_cast<u32>(info.initThreadCNodeSizeBits);
    if (node_bits >= number_bits - 2) panic("KernelRootCNodeSizeBits is too large");
    u32 const root_bits = number_bits - node_bits;
    slots.start(node_bits, static_cast<u32>(info.empty.start), static_cast<u32>(info.empty.end));
    u32 const slot = slots.take();
    BootUntyped* const from = memory.smallest_with_room(1, root_bits + seL4_SlotBits);
    if (slot == SlotMap::none || from == nullptr) panic("no memory for the root of all slots");
    insist(seL4_Untyped_Retype(from->slot, seL4_CapTableObject, root_bits, seL4_CapInitThreadCNode,
                               0, 0, slot, 1),
           "the root of all slots");
    from->use(1, root_bits + seL4_SlotBits);
    insist(seL4_CNode_Mint(slot, 0, static_cast<u8>(root_bits), seL4_CapInitThreadCNode,
                           seL4_CapInitThreadCNode, seL4_WordBits, seL4_AllRights, guard(0, 0)),
           "node 0");
    insist(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, seL4_CapNull, slot, own_guard(),
                             seL4_CapInitThreadVSpace, 0),
           "the root task's space of slots");
    root = slot;
}

}  // namespace

void start_slots(seL4_BootInfo const& info) {
    u64 const count = info.untyped.end - info.untyped.start;
    for (u64 at = 0; at < count; ++at) {
        seL4_UntypedDesc const& each = info.untypedList[at];
        BootUntyped const untyped{.slot = static_cast<u32>(info.untyped.start + at),
                                  .size_bits = each.sizeBits,
                                  .physical = each.paddr};
        if (!(each.isDevice != 0 ? devices : memory).add(untyped)) panic("too many untypeds");
    }
    make_space_of_slots(info);
}

BootMemory& boot_memory() { return memory; }
BootMemory& boot_devices() { return devices; }
u32 space_root() { return root; }

u32 take_slot() {
    u32 const slot = slots.take();
    if (slot != SlotMap::none || !grow_slots()) return slot;
    return slots.take();
}

u32 take_run_of_slots(u32 count) {
    u32 const first = slots.take_run(count);
    if (first != SlotMap::none || !grow_slots()) return first;
    return slots.take_run(count);
}

void give_back(u32 slot) {
    if (!slots.give_back(slot)) panic("a slot that was free is given back");
}

void clear_slot(u32 slot) { insist(seL4_CNode_Delete(root, slot, number_bits), "delete"); }

void delete_slot(u32 slot) {
    clear_slot(slot);
    give_back(slot);
}

seL4_Error retype(u32 from, seL4_Word type, u64 size_bits, u32 first, u64 count) {
    return static_cast<seL4_Error>(seL4_Untyped_Retype(from, type, size_bits, root, node_of(first),
                                                       number_bits - slots.node_bits(),
                                                       place_of(first), count));
}

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

u32 mint(u32 from, u64 badge) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) panic("no slot for a badge");
    insist(seL4_CNode_Mint(root, slot, number_bits, root, from, number_bits, seL4_AllRights, badge),
           "mint");
    return slot;
}

u64 slots_used() { return slots.used(); }

}  // namespace vdsokit::sel4
