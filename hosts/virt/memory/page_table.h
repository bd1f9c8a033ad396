// SPDX-License-Identifier: BSD-2-Clause
// Translation table entries: 4 KiB granule, four levels, 48-bit addresses. Level 0 is the root.
// [Arm DDI 0487, D8.3]
#pragma once

#include "arch/types.h"

namespace vdsokit::virt {

inline constexpr u64 page_bytes = 4096;
inline constexpr u64 block_bytes = u64{2} << 20;        // what a level 2 block maps
inline constexpr u64 large_block_bytes = u64{1} << 30;  // what a level 1 block maps
inline constexpr u32 last_level = 3;
inline constexpr u64 table_entries = 512;

struct alignas(page_bytes) PageTable {
    u64 entries[table_entries];
};
static_assert(sizeof(PageTable) == page_bytes);

constexpr u64 level_shift(u32 level) { return 39 - 9 * u64{level}; }
constexpr u64 entry_index(u64 address, u32 level) {
    return (address >> level_shift(level)) % table_entries;
}
static_assert(level_shift(last_level) == 12 && entry_index(~u64{0}, 0) == 511);

inline constexpr u64 entry_valid = 1;
inline constexpr u64 entry_table_or_page = 2;        // clear in a block
inline constexpr u64 entry_device = u64{1} << 2;     // attribute 1 of memory_attributes
inline constexpr u64 entry_user = u64{1} << 6;       // AP[1]: EL0 may
inline constexpr u64 entry_read_only = u64{1} << 7;  // AP[2]
inline constexpr u64 entry_inner_shareable = u64{3} << 8;
inline constexpr u64 entry_accessed = u64{1} << 10;
inline constexpr u64 entry_not_global = u64{1} << 11;  // belongs to one ASID
inline constexpr u64 entry_no_kernel_execute = u64{1} << 53;
inline constexpr u64 entry_no_user_execute = u64{1} << 54;
// For software. A page that nobody may touch is not valid, but keeps its frame.
inline constexpr u64 entry_kept = u64{1} << 55;
inline constexpr u64 entry_address = 0x0000'ffff'ffff'f000;

// MAIR_EL1: attribute 0 is ordinary memory, write-back; 1 is Device-nGnRE.
inline constexpr u64 memory_attributes = 0x04ff;

inline constexpr u64 ordinary_memory = entry_valid | entry_inner_shareable | entry_accessed;

// What the kernel's own mappings are made of: nothing of the kernel is executable at EL0.
inline constexpr u64 kernel_read_execute =
    ordinary_memory | entry_read_only | entry_no_user_execute;
inline constexpr u64 kernel_read_only = kernel_read_execute | entry_no_kernel_execute;
inline constexpr u64 kernel_read_write =
    ordinary_memory | entry_no_user_execute | entry_no_kernel_execute;
inline constexpr u64 kernel_device =
    entry_valid | entry_accessed | entry_device | entry_no_user_execute | entry_no_kernel_execute;

}  // namespace vdsokit::virt
