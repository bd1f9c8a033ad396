// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/memory/address_space.h"

#include "el1.h"

#include "hosts/virt/boot/early_map.h"
#include "hosts/virt/memory/kernel_map.h"
#include "hosts/virt/panic.h"

namespace vdsokit::host {

using kit::Access;
using kit::VirtualAddress;
using virt::entry_index;
using virt::last_level;
using virt::PageTable;

namespace {

constexpr u64 user_limit = u64{1} << 47;

// The space whose tables TTBR0_EL1 names.
constinit AddressSpace* entered = nullptr;
// ASIDs are given out in rising order; when they are used up all of them are forgotten by the TLB
// and a new round begins. So none is ever used again while the TLB knows it.
constinit u64 asid_round = 1;
constinit u32 next_asid = 1;

PageTable& table_of(Frame frame) { return *reinterpret_cast<PageTable*>(frame_bytes(frame)); }
Frame frame_of(u64 entry) { return virt::frame_at({entry & virt::entry_address}); }
bool is_valid(u64 entry) { return (entry & virt::entry_valid) != 0; }

u64 make_entry(Frame frame, Access access) {
    u64 const page = virt::physical_of(frame).value;
    // Never executable by the kernel.
    u64 const present = page | virt::ordinary_memory | virt::entry_table_or_page |
                        virt::entry_user | virt::entry_not_global | virt::entry_no_kernel_execute;
    switch (access) {
    case Access::none: return page | virt::entry_kept;
    case Access::read: return present | virt::entry_read_only | virt::entry_no_user_execute;
    case Access::read_write: return present | virt::entry_no_user_execute;
    case Access::read_execute: return present | virt::entry_read_only;
    }
    virt::panic("an access that does not exist");
}

Access access_of(u64 entry) {
    if (!is_valid(entry)) return Access::none;
    if ((entry & virt::entry_read_only) == 0) return Access::read_write;
    return (entry & virt::entry_no_user_execute) == 0 ? Access::read_execute : Access::read;
}

void release_table(Frame frame, u32 level) {
    for (u64 const entry : table_of(frame).entries) {
        if (entry == 0) continue;
        if (level == last_level)
            release_frame(frame_of(entry));
        else
            release_table(frame_of(entry), level + 1);
        release_frame(frame);
    }
    release_frame(frame);
}

void leave_process_tables() {
    virt::write_process_table(virt::physical_of_image(&virt::empty_root).value);
    entered = nullptr;
}

u32 asid_limit() { return ((virt::read_memory_features() >> 4) & 0xf) == 2 ? 1u << 16 : 1u << 8; }

// ASID and page number as tlbi wants them.
u64 forget_operand(u32 asid, u64 page) { return u64{asid} << 48 | page / virt::page_bytes; }

}  // namespace

bool AddressSpace::create() {
    root_ = allocate_frame();
    asid_round_ = 0;
    stale_count_ = 0;
    return root_ != no_frame;
}

void AddressSpace::destroy() {
    // The walker must not read a table that is being given back. Its ASID is not used again before
    // the TLB has forgotten it.
    if (entered == this) leave_process_tables();
    if (root_ != no_frame) release_table(root_, 0);
    root_ = no_frame;
}

bool AddressSpace::map(VirtualAddress page, Frame frame, Access access) {
    if (page.value >= user_limit || page.value % virt::page_bytes != 0)
        virt::panic("a page that no process can have");
    Frame table = root_;
    for (u32 level = 0; level < last_level; ++level) {
        u64& entry = table_of(table).entries[entry_index(page.value, level)];
        if (entry == 0) {
            Frame const below = allocate_frame();
            if (below == no_frame) {
                prune(page.value);
                return false;
            }
            // The zeroes of the new table must be seen before it is.
            virt::order_table_writes();
            entry = virt::physical_of(below).value | virt::entry_valid | virt::entry_table_or_page;
            retain_frame(table);
        }
        table = frame_of(entry);
    }
    u64& entry = table_of(table).entries[entry_index(page.value, last_level)];
    u64 const old = entry;
    if (old == 0) retain_frame(table);
    if (is_valid(old)) {
        entry = 0;
        mark_stale(page.value);
    }
    // Break before make: no address may have two translations, even for a moment. [D8.16.1]
    if (is_stale(page.value)) forget_stale();
    entry = make_entry(frame, access);
    if (old != 0) release_frame(frame_of(old));
    return true;
}

void AddressSpace::unmap(VirtualAddress page) {
    Place const place = find(page.value);
    if (place.entry == nullptr || *place.entry == 0) return;
    u64 const old = *place.entry;
    *place.entry = 0;
    if (is_valid(old)) mark_stale(page.value);
    // Until the TLB forgets it nothing runs at EL0, and the kernel does not use this mapping.
    release_frame(frame_of(old));
    release_frame(place.table);
    if (frame_users(place.table) == 1) prune(page.value);
}

void AddressSpace::protect(VirtualAddress page, Access access) {
    u64* const entry = find(page.value).entry;
    if (entry == nullptr || *entry == 0) return;
    u64 const old = *entry;
    u64 const changed = make_entry(frame_of(old), access);
    if (changed == old) return;
    // Rights alone may change in place.
    *entry = changed;
    if (is_valid(old)) mark_stale(page.value);
}

Mapped AddressSpace::lookup(VirtualAddress page) const {
    u64 const* const entry = find(page.value).entry;
    if (entry == nullptr || *entry == 0) return {no_frame, Access::none};
    return {frame_of(*entry), access_of(*entry)};
}

VirtualAddress AddressSpace::next_mapped(VirtualAddress page) const {
    u64 at = page.value;
    while (at < user_limit) {
        Frame table = root_;
        u32 level = 0;
        u64 entry = table_of(table).entries[entry_index(at, level)];
        while (entry != 0 && level < last_level) {
            table = frame_of(entry);
            ++level;
            entry = table_of(table).entries[entry_index(at, level)];
        }
        if (entry != 0) return {kit::align_down(at, virt::page_bytes)};
        u64 const step = u64{1} << virt::level_shift(level);
        at = kit::align_down(at, step) + step;
    }
    return {~u64{0}};
}

void AddressSpace::enter() {
    if (asid_round_ != asid_round) choose_asid();
    forget_stale();
    virt::order_table_writes();
    if (entered == this) return;
    virt::write_process_table(virt::physical_of(root_).value | u64{asid_} << 48);
    entered = this;
}

AddressSpace::Place AddressSpace::find(u64 page) const {
    if (page >= user_limit) return {nullptr, no_frame};
    Frame table = root_;
    for (u32 level = 0; level < last_level; ++level) {
        u64 const entry = table_of(table).entries[entry_index(page, level)];
        if (entry == 0) return {nullptr, no_frame};
        table = frame_of(entry);
    }
    return {&table_of(table).entries[entry_index(page, last_level)], table};
}

// Gives back the tables on the way to `page` that have become empty, the last level first.
void AddressSpace::prune(u64 page) {
    Frame path[last_level + 1];
    u32 depth = 0;
    path[0] = root_;
    while (depth < last_level) {
        u64 const entry = table_of(path[depth]).entries[entry_index(page, depth)];
        if (entry == 0) break;
        path[++depth] = frame_of(entry);
    }
    for (; depth > 0 && frame_users(path[depth]) == 1; --depth) {
        table_of(path[depth - 1]).entries[entry_index(page, depth - 1)] = 0;
        // The walker may remember the table itself.
        mark_stale(page);
        forget_stale();
        release_frame(path[depth]);
        release_frame(path[depth - 1]);
    }
}

void AddressSpace::mark_stale(u64 page) {
    if (asid_round_ != asid_round) return;  // the TLB knows nothing of this space
    if (stale_count_ < stale_limit) stale_[stale_count_] = page;
    if (stale_count_ <= stale_limit) ++stale_count_;
}

bool AddressSpace::is_stale(u64 page) const {
    if (stale_count_ > stale_limit) return true;
    for (u32 at = 0; at < stale_count_; ++at)
        if (stale_[at] == page) return true;
    return false;
}

void AddressSpace::forget_stale() {
    if (stale_count_ == 0) return;
    virt::order_table_writes();
    if (stale_count_ > stale_limit)
        virt::forget_asid(forget_operand(asid_, 0));
    else
        for (u32 at = 0; at < stale_count_; ++at)
            virt::forget_page(forget_operand(asid_, stale_[at]));
    virt::finish_forgetting();
    stale_count_ = 0;
}

void AddressSpace::choose_asid() {
    if (next_asid == asid_limit()) {
        // First off the tables of the last round, so that no walk brings an old ASID back.
        leave_process_tables();
        virt::forget_all_translations();
        virt::finish_forgetting();
        next_asid = 1;
        ++asid_round;
    }
    asid_ = next_asid++;
    asid_round_ = asid_round;
    stale_count_ = 0;
}

}  // namespace vdsokit::host
