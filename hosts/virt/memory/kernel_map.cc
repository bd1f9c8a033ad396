// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/memory/kernel_map.h"

#include "el1.h"

#include "hosts/virt/boot/early_map.h"
#include "hosts/virt/panic.h"
#include "kit/core/memory.h"

namespace vdsokit::virt {
namespace {

// Ranges begin and end anywhere, and each end may need a table of two levels.
constexpr u64 tables_max = 64;
constinit PageTable tables[tables_max]{};
constinit u64 tables_used = 0;
constinit PhysicalAddress image_address{};

// The table below an entry, made if there is none.
PageTable& table_below(u64& entry) {
    if (entry == 0) {
        if (tables_used == tables_max) panic("too many pieces of memory to map");
        PageTable const& table = tables[tables_used++];
        entry = physical_of_image(&table).value | entry_valid | entry_table_or_page;
    }
    if ((entry & entry_table_or_page) == 0) panic("kernel memory is mapped twice");
    u64 const offset = (entry & entry_address) - image_address.value;
    return *reinterpret_cast<PageTable*>(kernel_base + offset);
}

// The largest piece that can start at `at` with `left` bytes to go, by its level.
u32 piece_level(u64 at, u64 left) {
    if (at % large_block_bytes == 0 && left >= large_block_bytes) return 1;
    if (at % block_bytes == 0 && left >= block_bytes) return 2;
    return last_level;
}

void map_piece(u64 physical, u32 level, u64 rights) {
    u64 const address = linear_base + physical;
    PageTable* table = &kernel_root;
    for (u32 at = 0; at < level; ++at)
        table = &table_below(table->entries[entry_index(address, at)]);
    u64& entry = table->entries[entry_index(address, level)];
    if (entry != 0) panic("kernel memory is mapped twice");
    entry = physical | rights | (level == last_level ? entry_table_or_page : 0);
}

}  // namespace

void set_image_address(PhysicalAddress image) { image_address = image; }

PhysicalAddress physical_of_image(void const* object) {
    return {reinterpret_cast<u64>(object) - kernel_base + image_address.value};
}

void map_linear(machine::Range range, u64 rights) {
    if (!kit::inside(range.base, range.size, linear_bytes)) panic("memory beyond the linear map");
    for (u64 at = range.base; at < range.end();) {
        u32 const level = piece_level(at, range.end() - at);
        map_piece(at, level, rights);
        at += u64{1} << level_shift(level);
    }
    order_table_writes();
}

u8* map_device(machine::Range device) {
    u64 const begin = kit::align_down(device.base, page_bytes);
    u64 const end = kit::align_up(device.end(), page_bytes);
    map_linear({begin, end - begin}, kernel_device);
    return linear_pointer({device.base});
}

}  // namespace vdsokit::virt
