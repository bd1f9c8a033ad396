// SPDX-License-Identifier: BSD-2-Clause
// Capabilities by what they are to. A slot's number is known in this folder's .cc files alone:
// everywhere else a capability is a value of its own type that can be used and deleted, and nothing
// more. Nothing in this folder waits but wait(). False or a null capability: memory or slots are
// out, nothing has changed.
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

// From the kernel's BootInfo; stops the machine if the root task cannot have what it needs.
// `guard_seed` is unpredictable: it hides the fault endpoint from programs.
void start_capabilities(seL4_BootInfo const& info, u64 guard_seed);
// For the accounting's tests.
u64 slots_used();

}  // namespace vdsokit::sel4
