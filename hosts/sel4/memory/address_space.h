// SPDX-License-Identifier: BSD-2-Clause
// The address space of one process: the kernel's page tables, which only the kernel can read, and
// tables of our own that say which frame each page has and by which capability it is mapped.
//
// The two have the same shape. The users of a table's frame are its entries that are not empty, and
// one for the entry above it; its companion is the page of the kernel's table in the same place. So
// an empty table is seen at once, and both are given back.
#pragma once

#include "hosts/sel4/memory/frames.h"
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

    // For threads; null before create().
    sel4::SpaceCap cap() const { return space_; }
    // Two pages below the lowest address of a process, with page tables from create() on, where the
    // root task lets a thread run a few instructions of its own (vectors.h). Never seen by lookup().
    static constexpr u64 own_code = 0xe000;
    static constexpr u64 own_data = 0xf000;

private:
    struct Entry;
    // The last-level entry of a page and the table it is in; nullptr: no tables lead there.
    struct Place {
        Entry* entry;
        Frame table;
    };
    static Entry& entry_of(Frame table, u64 address, u32 level);
    Place find(u64 page) const;
    // With the tables that are missing; entry is nullptr when memory is out.
    Place reach(u64 page);
    bool add_table(Frame above, Entry& entry, u64 page);
    void remove_table(Frame table);
    void release_table(Frame table, u32 level);
    void prune(u64 page);

    Frame root_ = no_frame;
    Frame own_table_ = no_frame;  // the table of own_code has one user more
    sel4::SpaceCap space_;
    sel4::Page space_page_ = sel4::no_page;
};

}  // namespace vdsokit::host
