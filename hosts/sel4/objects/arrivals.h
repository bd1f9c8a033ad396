// SPDX-License-Identifier: BSD-2-Clause
// The one place where the root task waits: faults of programs' threads, and events.
#pragma once

#include "hosts/sel4/objects/capabilities.h"

namespace vdsokit::sel4 {

enum class Event : u8 { fault, tick, timer, console };
constexpr u64 bit_of(Event event) { return u64{1} << static_cast<u32>(event); }

// A fault's message stays in the IPC buffer until the next call of anything in this folder.
struct Arrival {
    bool is_fault;
    u64 events;  // bit_of() the others
    seL4_MessageInfo_t fault;
};
Arrival wait();
// What has arrived; nothing at all if nothing has.
Arrival poll();

InterruptCap take_interrupt(u64 number, Event event);
void finish_interrupt(InterruptCap cap);

}  // namespace vdsokit::sel4
