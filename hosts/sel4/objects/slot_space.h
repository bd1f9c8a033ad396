// SPDX-License-Identifier: BSD-2-Clause
// The root task's slots and the memory that becomes objects, by number. For the files of this folder
// alone: nobody else may know a slot. Boot memory and the slots of a node are not given back.
#pragma once

#include "hosts/sel4/objects/arrivals.h"
#include "hosts/sel4/objects/boot_memory.h"
#include "hosts/sel4/objects/capabilities.h"
#include "hosts/sel4/objects/slots.h"
#include "hosts/sel4/panic.h"

namespace vdsokit::sel4 {

// Converts between numbers and types.
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

// A number is node and place in it, from the top: 22 bits, the rest is guard.
inline constexpr u32 number_bits = 22;
inline constexpr u32 page_bits = seL4_PageBits;

// The kernel's answer is an int in some calls.
inline void insist(long error, char const* what) {
    if (error != seL4_NoError) panic(what);
}

inline seL4_Word guard(u64 value, u64 bits) { return seL4_CNode_CapData_new(value, bits).words[0]; }
inline seL4_Word own_guard() { return guard(0, seL4_WordBits - number_bits); }

// From the BootInfo: memory, then the space of slots.
void start_slots(seL4_BootInfo const& info);
BootMemory& boot_memory();
BootMemory& boot_devices();
u32 space_root();  // the node of nodes

// SlotMap::none: memory or slots are out.
u32 take_slot();
u32 take_run_of_slots(u32 count);
void give_back(u32 slot);
void clear_slot(u32 slot);   // deletes what is in it
void delete_slot(u32 slot);  // and gives it back

// `count` objects into neighbouring slots.
seL4_Error retype(u32 from, seL4_Word type, u64 size_bits, u32 first, u64 count);
// One object from boot memory, for good. SlotMap::none: no memory or no slot.
u32 make_for_good(seL4_Word type, u64 size_bits, u32 object_bits);
// A capability of `from` with this badge; panics when there is no slot.
u32 mint(u32 from, u64 badge);

// A capability that signals this event. arrivals.cc
u32 mint_event(Event event);

// A program's capability space has one thing in it: `endpoint`, behind a guard that no program
// knows. threads.cc
void start_programs_slots(u32 endpoint, u64 badge, u64 guard_seed);

}  // namespace vdsokit::sel4
