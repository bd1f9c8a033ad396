// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/arrivals.h"

#include "hosts/sel4/objects/own_space.h"
#include "hosts/sel4/objects/slot_space.h"

namespace vdsokit::sel4 {
namespace {

constinit u32 endpoint = 0;
constinit u32 notification = 0;

constexpr u64 fault_badge = u64{1} << 32;

}  // namespace

void start_capabilities(seL4_BootInfo const& info, u64 guard_seed) {
    start_slots(info);
    start_own_space(info);
    endpoint = make_for_good(seL4_EndpointObject, 0, seL4_EndpointBits);
    notification = make_for_good(seL4_NotificationObject, 0, seL4_NotificationBits);
    if (endpoint == SlotMap::none || notification == SlotMap::none) panic("no memory at all");
    insist(seL4_TCB_BindNotification(seL4_CapInitThreadTCB, notification),
           "the root task's notification");
    start_programs_slots(endpoint, fault_badge, guard_seed);
}

u32 mint_event(Event event) { return mint(notification, bit_of(event)); }

InterruptCap take_interrupt(u64 number, Event event) {
    u32 const slot = take_slot();
    if (slot == SlotMap::none) panic("no slot for an interrupt");
    insist(seL4_IRQControl_Get(seL4_CapIRQControl, number, space_root(), slot, number_bits),
           "an interrupt");
    insist(seL4_IRQHandler_SetNotification(slot, mint_event(event)), "an interrupt's notification");
    return Slots::make<InterruptCap>(slot);
}

void finish_interrupt(InterruptCap cap) {
    insist(seL4_IRQHandler_Ack(Slots::number(cap)), "an interrupt's end");
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

}  // namespace vdsokit::sel4
