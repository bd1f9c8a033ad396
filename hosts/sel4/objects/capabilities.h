// SPDX-License-Identifier: BSD-2-Clause
// Capabilities by what they are to. A slot's number is known in capabilities.cc alone: everywhere
// else a capability is a value of its own type that can be used and deleted, and nothing more.
// Nothing here waits. False or a null capability: memory or slots are out, nothing has changed.
#pragma once

#include "hosts/sel4/kernel.h"
#include "kit/core/memory.h"

namespace vdsokit::sel4 {

// `Object` only tells types apart.
template <class Object>
class Cap {
public:
    constexpr Cap() = default;
    constexpr bool is_null() const { return slot_ == 0; }

private:
    friend struct Slots;
    constexpr explicit Cap(u32 slot) : slot_(slot) {}
    u32 slot_ = 0;
};

using PageUntyped = Cap<struct PageUntypedObject>;  // 4 KiB of memory without a use
using FrameCap = Cap<struct FrameObject>;           // the first cap of a frame: the root task's
using MappingCap = Cap<struct MappingObject>;       // a copy of one, for one page of a process
using TableCap = Cap<struct TableObject>;           // page table
using SpaceCap = Cap<struct SpaceObject>;           // the root of a process's address space
using ThreadCap = Cap<struct ThreadObject>;         // TCB
using InterruptCap = Cap<struct InterruptObject>;   // handler of one interrupt

// What arrives at the one place where the root task waits.
enum class Event : u8 { fault, tick, timer, console };

// Pages are untypeds of 4 KiB that are handed out in runs of this many.
inline constexpr u32 pages_per_run = 256;

// From the kernel's BootInfo; stops the machine if the root task cannot have what it needs.
// `guard_seed` is unpredictable: it hides the fault endpoint from programs.
void start_capabilities(seL4_BootInfo const& info, u64 guard_seed);
// 4 KiB pages that are in no run yet, as far as known: an estimate from above.
u64 pages_not_carved();

struct PageRun {
    PageUntyped pages[pages_per_run];
};
[[nodiscard]] bool carve_run(PageRun& run);

// An object that takes the whole page.
FrameCap make_frame(PageUntyped page);
TableCap make_table(PageUntyped page);
SpaceCap make_space(PageUntyped page);    // with an ASID
ThreadCap make_thread(PageUntyped page);  // in `space` once configure_thread() has said so
void delete_frame(FrameCap cap);
void delete_table(TableCap cap);
void delete_space(SpaceCap cap);
void delete_thread(ThreadCap cap);

// The root task's own view of a frame, read-write, never executable.
[[nodiscard]] bool map_own(FrameCap frame, u64 address);
// The page tables for a run of addresses that is used from its start, at a multiple of 1 GiB, up:
// called for each page before it is mapped. (Mapping without them fails, which kernels with
// printing say on the console.)
[[nodiscard]] bool add_own_tables(u64 address);
void unify_instructions(FrameCap frame);

// A mapping in a process. The copy has no right that the mapping does not need.
MappingCap copy_frame(FrameCap frame, kit::Access access);
void recopy_frame(MappingCap copy, FrameCap frame, kit::Access access);
void map_page(MappingCap copy, SpaceCap space, u64 page, kit::Access access);
void unmap_page(MappingCap copy);
void delete_mapping(MappingCap copy);
// At the next level for which nothing is there.
[[nodiscard]] bool map_table(TableCap table, SpaceCap space, u64 address);

// Faults of the thread come to wait(); it runs below the root task.
[[nodiscard]] bool configure_thread(ThreadCap thread, SpaceCap space);
void read_registers(ThreadCap thread, seL4_UserContext& context);              // and stops it
void write_registers(ThreadCap thread, seL4_UserContext& context, u64 count);  // and resumes it

// The root task's helper, a thread in its own space at the programs' priority.
[[nodiscard]] bool start_helper(PageUntyped page, void (*entry)(u64), u8* stack_top);
void resume_helper();
void stop_helper();

// A device's page at `address` in the root task's space. False: no such memory.
[[nodiscard]] bool map_device(u64 physical, u64 address);
InterruptCap take_interrupt(u64 number, Event event);
void finish_interrupt(InterruptCap cap);

// A fault's message stays in the IPC buffer until the next call of anything here.
struct Arrival {
    bool is_fault;
    u64 events;  // bit 1 << Event, of the others
    seL4_MessageInfo_t fault;
};
Arrival wait();
// What has arrived; nothing at all if nothing has.
Arrival poll();

// The root task's own pages, as the kernel mapped them: all rights. `access` from here on.
void protect_own_page(u64 index, u64 address, kit::Access access);
[[noreturn]] void stop_running();

// Slots and pages that are in use, for the accounting's tests.
u64 slots_used();

}  // namespace vdsokit::sel4
