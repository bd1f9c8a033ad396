// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/memory/address_space.h"

#include "hosts/sel4/boot_image.h"
#include "hosts/sel4/objects/mappings.h"
#include "hosts/sel4/panic.h"

namespace vdsokit::host {

using kit::Access;
using kit::VirtualAddress;
using sel4::page_bytes;
using sel4::panic;

namespace {

constexpr u64 user_limit = u64{1} << 47;
constexpr u32 last_level = 3;
constexpr u64 table_entries = 512;

constexpr u64 level_shift(u32 level) { return 39 - 9 * u64{level}; }

}  // namespace

// Above the last level `frame` is the table below, and there is no capability.
struct AddressSpace::Entry {
    u32 frame : 28;  // 0: empty
    u32 access : 3;
    u32 may_write : 1;  // the capability, whatever the mapping is now
    sel4::MappingCap cap;

    bool is_empty() const { return frame == 0; }
    Frame target() const { return {frame}; }
    void set(Frame to, Access rights, sel4::MappingCap by) {
        frame = to.number & 0xfff'ffff;
        access = static_cast<u32>(rights) & 7;
        cap = by;
    }
};

AddressSpace::Entry& AddressSpace::entry_of(Frame table, u64 address, u32 level) {
    static_assert(sizeof(Entry) * table_entries == page_bytes);
    auto* const entries = reinterpret_cast<Entry*>(frame_bytes(table));
    return entries[(address >> level_shift(level)) % table_entries];
}

bool AddressSpace::create() {
    static_assert(own_code >> level_shift(2) == own_data >> level_shift(2));
    root_ = allocate_frame();
    if (root_ == no_frame) return false;
    space_page_ = sel4::take_page();
    if (!space_page_.is_none()) space_ = sel4::make_space(sel4::untyped_of(space_page_));
    if (space_.is_null()) {
        if (!space_page_.is_none()) sel4::give_back_page(space_page_);
        release_frame(root_);
        root_ = no_frame;
        return false;
    }
    Place const own = reach(own_code);
    if (own.entry == nullptr) {
        destroy();
        return false;
    }
    own_table_ = own.table;
    retain_frame(own_table_);
    return true;
}

void AddressSpace::destroy() {
    if (root_ == no_frame) return;
    if (own_table_ != no_frame) release_frame(own_table_);
    own_table_ = no_frame;
    release_table(root_, 0);
    root_ = no_frame;
    sel4::delete_space(space_);
    sel4::give_back_page(space_page_);
    space_ = {};
}

void AddressSpace::release_table(Frame table, u32 level) {
    auto* const entries = reinterpret_cast<Entry*>(frame_bytes(table));
    for (u64 at = 0; at < table_entries; ++at) {
        Entry const& entry = entries[at];
        if (entry.is_empty()) continue;
        if (level == last_level) {
            sel4::delete_mapping(entry.cap);
            release_frame(entry.target());
        } else {
            release_table(entry.target(), level + 1);
        }
        release_frame(table);
    }
    remove_table(table);
}

// The table is empty: it and the kernel's go.
void AddressSpace::remove_table(Frame table) {
    if (table != root_) {
        sel4::Page const page = sel4::companion(table);
        sel4::delete_table(sel4::table_of(page));
        sel4::give_back_page(page);
    }
    release_frame(table);
}

// `entry`, in table `above`, leads to an empty table on the way to `page`.
bool AddressSpace::add_table(Frame above, Entry& entry, u64 page) {
    Frame const table = allocate_frame();
    if (table == no_frame) return false;
    sel4::Page const kernel_page = sel4::take_page();
    if (!kernel_page.is_none()) {
        sel4::TableCap const cap = sel4::make_table(sel4::untyped_of(kernel_page));
        if (!cap.is_null()) {
            if (!sel4::map_table(cap, space_, page)) panic("a page table of a process");
            sel4::set_companion(table, kernel_page);
            sel4::set_table(kernel_page, cap);
            entry.set(table, Access::none, {});
            retain_frame(above);
            return true;
        }
        sel4::give_back_page(kernel_page);
    }
    release_frame(table);
    return false;
}

AddressSpace::Place AddressSpace::reach(u64 page) {
    Frame table = root_;
    for (u32 level = 0; level < last_level; ++level) {
        Entry& entry = entry_of(table, page, level);
        if (entry.is_empty() && !add_table(table, entry, page)) {
            prune(page);
            return {nullptr, no_frame};
        }
        table = entry.target();
    }
    return {&entry_of(table, page, last_level), table};
}

bool AddressSpace::map(VirtualAddress page, Frame frame, Access access) {
    if (page.value >= user_limit || page.value % page_bytes != 0)
        panic("a page that no process can have");
    Place const place = reach(page.value);
    if (place.entry == nullptr) return false;
    sel4::MappingCap const cap = sel4::copy_frame(sel4::frame_cap(frame), access);
    if (cap.is_null()) {
        prune(page.value);
        return false;
    }
    Entry& entry = *place.entry;
    // The old one first: the kernel maps nothing over a mapping.
    if (entry.is_empty()) {
        retain_frame(place.table);
    } else {
        sel4::delete_mapping(entry.cap);
        release_frame(entry.target());
    }
    entry.set(frame, access, cap);
    entry.may_write = access == Access::read_write ? 1 : 0;
    if (access != Access::none) sel4::map_page(cap, space_, page.value, access);
    return true;
}

void AddressSpace::unmap(VirtualAddress page) {
    Place const place = find(page.value);
    if (place.entry == nullptr || place.entry->is_empty()) return;
    sel4::delete_mapping(place.entry->cap);
    Frame const frame = place.entry->target();
    place.entry->set(no_frame, Access::none, {});
    release_frame(frame);
    release_frame(place.table);
    if (frame_users(place.table) == 1) prune(page.value);
}

void AddressSpace::protect(VirtualAddress page, Access access) {
    Entry* const entry = find(page.value).entry;
    if (entry == nullptr || entry->is_empty()) return;
    Access const old = static_cast<Access>(entry->access);
    if (old == access) return;
    Frame const frame = entry->target();
    if (access == Access::none) {
        sel4::unmap_page(entry->cap);
    } else {
        // Read-only between two writes, as after a fork, the capability may stay what it is.
        bool const writes = access == Access::read_write;
        if (access != Access::read && writes != (entry->may_write != 0)) {
            sel4::recopy_frame(entry->cap, sel4::frame_cap(frame), access);
            entry->may_write = writes ? 1 : 0;
        }
        sel4::map_page(entry->cap, space_, page.value, access);
    }
    entry->set(frame, access, entry->cap);
}

Mapped AddressSpace::lookup(VirtualAddress page) const {
    Entry const* const entry = find(page.value).entry;
    if (entry == nullptr || entry->is_empty()) return {no_frame, Access::none};
    return {entry->target(), static_cast<Access>(entry->access)};
}

VirtualAddress AddressSpace::next_mapped(VirtualAddress page) const {
    u64 at = page.value;
    while (at < user_limit) {
        Frame table = root_;
        u32 level = 0;
        Entry const* entry = &entry_of(table, at, level);
        while (!entry->is_empty() && level < last_level) {
            table = entry->target();
            ++level;
            entry = &entry_of(table, at, level);
        }
        if (!entry->is_empty()) return {kit::align_down(at, page_bytes)};
        u64 const step = u64{1} << level_shift(level);
        at = kit::align_down(at, step) + step;
    }
    return {~u64{0}};
}

AddressSpace::Place AddressSpace::find(u64 page) const {
    if (page >= user_limit) return {nullptr, no_frame};
    Frame table = root_;
    for (u32 level = 0; level < last_level; ++level) {
        Entry const& entry = entry_of(table, page, level);
        if (entry.is_empty()) return {nullptr, no_frame};
        table = entry.target();
    }
    return {&entry_of(table, page, last_level), table};
}

// Gives back the tables on the way to `page` that have become empty, the last level first.
void AddressSpace::prune(u64 page) {
    Frame path[last_level + 1];
    u32 depth = 0;
    path[0] = root_;
    while (depth < last_level) {
        Entry const& entry = entry_of(path[depth], page, depth);
        if (entry.is_empty()) break;
        path[++depth] = entry.target();
    }
    for (; depth > 0 && frame_users(path[depth]) == 1; --depth) {
        entry_of(path[depth - 1], page, depth - 1).set(no_frame, Access::none, {});
        remove_table(path[depth]);
        release_frame(path[depth - 1]);
    }
}

}  // namespace vdsokit::host
