// SPDX-License-Identifier: BSD-2-Clause
#include "test/hosts/virt/fake/machine.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "el1.h"

#include "hosts/virt/boot/early_map.h"
#include "hosts/virt/memory/kernel_map.h"
#include "hosts/virt/panic.h"

namespace vdsokit::test {

Machine machine;

namespace {

constexpr u64 empty_table = 0xe000;  // no frame of the tests' has this number
constexpr u64 first_frame = 16;

}  // namespace

host::Frame Machine::allocate() {
    if (allocations_left == 0) return host::no_frame;
    --allocations_left;
    // The one freed last first: what still points at it is found out soonest.
    for (u32 number = first_frame; number < first_frame + frame_limit; ++number) {
        if (users_[number] != 0) continue;
        users_[number] = 1;
        memory_[number] = {};
        return {number};
    }
    return host::no_frame;
}

u32& Machine::users(host::Frame frame) {
    u32& count = users_[frame.number];
    if (count == 0) breaches.push_back("a free frame is used");
    return count;
}

u8* Machine::bytes(host::Frame frame) {
    return reinterpret_cast<u8*>(memory_[frame.number].entries);
}

u32 Machine::frames_used() const {
    u32 used = 0;
    for (auto const& [number, users] : users_) used += users != 0 ? 1 : 0;
    return used;
}

// The last-level entry by the tables; 0 if none. The walker that remembers takes tables that it has
// seen before where it can, and keeps those that it sees.
u64 Machine::leaf(u64 address, bool remembers) {
    u64 table = process_table_ & virt::entry_address;
    if (table == empty_table || table == 0) return 0;
    for (u32 level = 0;; ++level) {
        u32 const number = static_cast<u32>(table / virt::page_bytes);
        if (users_[number] == 0) {
            breaches.push_back("the walker reads a table that was given back");
            return 0;
        }
        u64 const entry = memory_[number].entries[virt::entry_index(address, level)];
        if (level == virt::last_level) return entry;
        u64 const reach = address >> virt::level_shift(level);
        Key const key{asid(), reach << 2 | level};
        if (remembers && tables_.contains(key)) {
            table = tables_[key];
            continue;
        }
        if ((entry & virt::entry_valid) == 0) return 0;
        table = entry & virt::entry_address;
        if (remembers) tables_[key] = table;
    }
}

void Machine::speculate() {
    for (u64 const address : watched) {
        u64 const entry = leaf(address, true);
        if ((entry & virt::entry_valid) == 0) continue;
        Key const key{asid(), address / virt::page_bytes};
        auto const known = pages_.find(key);
        if (known == pages_.end())
            pages_[key] = entry;
        else if ((known->second & virt::entry_address) != (entry & virt::entry_address))
            breaches.push_back("a page has two translations: break before make");
    }
}

void Machine::check_entered() {
    for (auto const& [key, entry] : pages_) {
        if (key.first != asid()) continue;
        if (leaf(key.second * virt::page_bytes, false) != entry)
            breaches.push_back("the TLB knows what is no longer so");
    }
}

void Machine::forget_page(u64 operand) {
    u64 const page = operand & 0xfff'ffff'ffff;
    ++forgotten_pages;
    pages_.erase({operand >> 48, page});
    for (u32 level = 0; level < virt::last_level; ++level) {
        u64 const reach = page >> (virt::level_shift(level) - 12);
        tables_.erase({operand >> 48, reach << 2 | level});
    }
}

void Machine::forget_asid(u64 operand) {
    std::erase_if(pages_, [&](auto const& item) { return item.first.first == operand >> 48; });
    std::erase_if(tables_, [&](auto const& item) { return item.first.first == operand >> 48; });
}

void Machine::forget_all() {
    ++forgotten_all;
    pages_.clear();
    tables_.clear();
}

}  // namespace vdsokit::test

extern "C" {
vdsokit::virt::PageTable empty_root;
}

namespace vdsokit::virt {

using test::machine;

u64 read_memory_features() { return machine.wide_asids ? 0x20 : 0; }
void write_process_table(u64 value) { machine.write_process_table(value); }
void order_table_writes() { machine.speculate(); }
void forget_page(u64 operand) { machine.forget_page(operand); }
void forget_asid(u64 operand) { machine.forget_asid(operand); }
void forget_all_translations() { machine.forget_all(); }
void finish_forgetting() { machine.speculate(); }

PhysicalAddress physical_of_image(void const*) { return {test::empty_table}; }

void panic(char const* why) {
    ADD_FAILURE() << "panic: " << why;
    std::abort();
}

}  // namespace vdsokit::virt

namespace vdsokit::host {

using test::machine;

Frame allocate_frame() { return machine.allocate(); }
void retain_frame(Frame frame) { ++machine.users(frame); }
void release_frame(Frame frame) { --machine.users(frame); }
u32 frame_users(Frame frame) { return machine.users(frame); }
u8* frame_bytes(Frame frame) { return machine.bytes(frame); }

}  // namespace vdsokit::host
