// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/threads.h"

#include "hosts/sel4/objects/arrivals.h"
#include "hosts/sel4/objects/page_objects.h"
#include "hosts/sel4/objects/slot_space.h"

namespace vdsokit::sel4 {
namespace {

constexpr u64 root_priority = seL4_MaxPrio;
constexpr u64 program_priority = 100;
constexpr u64 all_registers = sizeof(seL4_UserContext) / sizeof(seL4_Word);

constexpr u32 program_node_bits = 1;
constexpr u64 endpoint_place = 1;
constexpr u32 guard_value_bits = 58;  // what a capability can hold; the guard is 63 bits long
constexpr u32 program_guard_bits = seL4_WordBits - program_node_bits;

constinit u32 program_node = 0;  // all that programs can name
constinit u64 program_guard = 0;
constinit u32 helper = 0;
constinit u32 watcher = 0;
constinit u32 own_faults = 0;  // the endpoint

u64 fault_endpoint() { return program_guard << program_node_bits | endpoint_place; }

// In the root task's spaces; not yet running.
bool make_own_thread(PageUntyped page, u64 priority, u64 faults, u32& slot, OwnThread start) {
    ThreadCap const thread = make_thread(page);
    if (thread.is_null()) return false;
    slot = Slots::number(thread);
    seL4_UserContext context{};
    context.pc = reinterpret_cast<seL4_Word>(start.entry);
    context.sp = reinterpret_cast<seL4_Word>(start.stack_top);
    context.x0 = start.argument;
    context.tpidr_el0 = reinterpret_cast<seL4_Word>(start.thread_block);
    return seL4_TCB_Configure(slot, faults, space_root(), own_guard(), seL4_CapInitThreadVSpace, 0,
                              0, seL4_CapNull) == seL4_NoError &&
           seL4_TCB_SetSchedParams(slot, seL4_CapInitThreadTCB, 0, priority) == seL4_NoError &&
           seL4_TCB_WriteRegisters(slot, false, 0, all_registers, &context) == seL4_NoError;
}

}  // namespace

void start_programs_slots(u32 endpoint, u64 badge, u64 guard_seed) {
    program_node =
        make_for_good(seL4_CapTableObject, program_node_bits, program_node_bits + seL4_SlotBits);
    if (program_node == SlotMap::none) panic("no memory for the programs' slots");
    insist(seL4_CNode_Mint(program_node, endpoint_place, program_node_bits, space_root(), endpoint,
                           number_bits, seL4_AllRights, badge),
           "the programs' fault endpoint");
    program_guard = guard_seed & ((u64{1} << guard_value_bits) - 1);
}

bool configure_thread(ThreadCap thread, SpaceCap space) {
    u32 const slot = Slots::number(thread);
    return seL4_TCB_Configure(slot, fault_endpoint(), program_node,
                              guard(program_guard, program_guard_bits), Slots::number(space), 0, 0,
                              seL4_CapNull) == seL4_NoError &&
           seL4_TCB_SetSchedParams(slot, seL4_CapInitThreadTCB, 0, program_priority) ==
               seL4_NoError;
}

void read_registers(ThreadCap thread, seL4_UserContext& context) {
    constexpr u64 all = sizeof(seL4_UserContext) / sizeof(seL4_Word);
    insist(seL4_TCB_ReadRegisters(Slots::number(thread), true, 0, all, &context),
           "a thread's registers");
}

void write_registers(ThreadCap thread, seL4_UserContext& context, u64 count) {
    insist(seL4_TCB_WriteRegisters(Slots::number(thread), true, 0, count, &context),
           "a thread's registers");
}

bool start_helper(PageUntyped page, OwnThread start) {
    start.argument = mint_event(Event::tick);
    return make_own_thread(page, program_priority, own_faults, helper, start);
}

void signal_tick(u64 argument) { seL4_Signal(argument); }
void resume_helper() { insist(seL4_TCB_Resume(helper), "the helper"); }
void stop_helper() { insist(seL4_TCB_Suspend(helper), "the helper"); }

bool start_watcher(PageUntyped page, FrameCap buffer, u64 address, OwnThread start) {
    own_faults = make_for_good(seL4_EndpointObject, 0, seL4_EndpointBits);
    // It has no one to tell of a fault of its own.
    return own_faults != SlotMap::none &&
           make_own_thread(page, root_priority, seL4_CapNull, watcher, start) &&
           seL4_TCB_SetIPCBuffer(watcher, address, Slots::number(buffer)) == seL4_NoError &&
           seL4_TCB_SetSpace(seL4_CapInitThreadTCB, own_faults, space_root(), own_guard(),
                             seL4_CapInitThreadVSpace, 0) == seL4_NoError &&
           seL4_TCB_Resume(watcher) == seL4_NoError;
}

seL4_MessageInfo_t wait_for_own_fault() { return seL4_Recv(own_faults, nullptr); }

void stop_running() {
    // Whoever calls this is among them, and the others wait.
    u32 const own[] = {helper, seL4_CapInitThreadTCB, watcher};
    for (;;)
        for (u32 const thread : own)
            if (thread != 0) seL4_TCB_Suspend(thread);
}

}  // namespace vdsokit::sel4
