// SPDX-License-Identifier: BSD-2-Clause
// The page tables of one process. Changes are written at once; what the TLB still remembers is
// forgotten before the space is next entered, or earlier where the architecture asks for it.
//
// The users of a table's frame are its entries that are not empty, and one for the entry above it:
// so an empty table is seen at once and given back, and a process that maps and unmaps pages far
// apart holds no more tables than pages.
#pragma once

#include "hosts/virt/memory/frames.h"
#include "kit/core/memory.h"

namespace vdsokit::host {

struct Mapped {
    Frame frame;  // no_frame: nothing is mapped
    kit::Access access;
};

class AddressSpace {
public:
    constexpr AddressSpace() = default;
    AddressSpace(AddressSpace const&) = delete;
    AddressSpace& operator=(AddressSpace const&) = delete;

    // As seam.h says. Addresses are of pages, below 2^47.
    [[nodiscard]] bool create();
    void destroy();
    [[nodiscard]] bool map(kit::VirtualAddress page, Frame frame, kit::Access access);
    void unmap(kit::VirtualAddress page);
    void protect(kit::VirtualAddress page, kit::Access access);
    Mapped lookup(kit::VirtualAddress page) const;
    kit::VirtualAddress next_mapped(kit::VirtualAddress page) const;

    // From here on EL0 runs in this space. Called right before returning to EL0, each time.
    void enter();

private:
    // Pages that the TLB may still know; more than this many, and it forgets the whole space.
    static constexpr u32 stale_limit = 16;

    // The last-level entry of a page and the table it is in; nullptr: no tables lead there.
    struct Place {
        u64* entry;
        Frame table;
    };
    Place find(u64 page) const;
    void prune(u64 page);
    void mark_stale(u64 page);
    bool is_stale(u64 page) const;
    void forget_stale();
    void choose_asid();

    Frame root_ = no_frame;
    u32 asid_ = 0;
    u64 asid_round_ = 0;   // asid_ is this space's only in that round; 0: never entered
    u32 stale_count_ = 0;  // may exceed stale_limit
    u64 stale_[stale_limit] = {};
};

}  // namespace vdsokit::host
