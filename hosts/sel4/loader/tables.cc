// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/loader/tables.h"

namespace vdsokit::sel4 {
namespace {

constexpr u64 entries = 512;
constexpr u64 block_bytes = u64{1} << 30;

struct alignas(4096) Table {
    u64 entry[entries];
};

[[gnu::section(".tables")]] Table identity_root, identity_blocks, kernel_root, kernel_blocks;

// entry.S
struct LoaderControl {
    u64 ttbr0, ttbr1, tcr, mair, sctlr;
};
extern "C" void turn_on(LoaderControl const& control);

constexpr u64 is_table = 3;
constexpr u64 is_block = 1;
constexpr u64 accessed = 1 << 10;
constexpr u64 inner_shareable = 3 << 8;
constexpr u64 never_executes = u64{3} << 53;
// Positions in MAIR_EL1, which the kernel's own entries use too.
constexpr u64 device = u64{0} << 2;
constexpr u64 ordinary = u64{4} << 2;
constexpr u64 memory_attributes = u64{0x00} | u64{0x04} << 8 | u64{0x0c} << 16 | u64{0x44} << 24 |
                                  u64{0xff} << 32 | u64{0xaa} << 40;

u64 address_of(Table const& table) { return reinterpret_cast<u64>(&table); }

// 48-bit addresses in both halves, 4 KiB pages, 16-bit ASIDs, walks cached; the top byte of a
// program's address is ignored, which Linux promises to programs.
u64 translation_control() {
    constexpr u64 size_48 = 16;
    constexpr u64 cached_walks = 1 << 0 | 1 << 2 | 3 << 4;
    constexpr u64 pages_4k_high = u64{2} << 30;
    constexpr u64 wide_asids = u64{1} << 36;
    constexpr u64 ignore_top_byte = u64{1} << 37;
    constexpr u64 bits_48 = 5;
    u64 features;
    asm volatile("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
    u64 const range = (features & 0xf) < bits_48 ? (features & 0xf) : bits_48;
    return size_48 | size_48 << 16 | cached_walks << 8 | cached_walks << 24 | pages_4k_high |
           wide_asids | ignore_top_byte | range << 32;
}

// MMU and caches on; EL0 may clean caches, use dc zva, read CTR_EL0, wfi and wfe, as on Linux. What
// is writable executes: the kernel's own block is one entry.
u64 system_control() {
    constexpr u64 mmu = 1 << 0 | 1 << 2 | 1 << 12;
    constexpr u64 stack_checks = 1 << 3 | 1 << 4;
    constexpr u64 user_may = 1 << 14 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 26;
    constexpr u64 fixed = 1 << 11 | 1 << 20 | 1 << 22 | 1 << 23 | 1 << 28 | 1 << 29;
    return mmu | stack_checks | user_may | fixed;
}

}  // namespace

void turn_on_mapping(u64 kernel_virtual, u64 kernel_physical) {
    constexpr u64 block_mask = ~(block_bytes - 1);
    identity_root.entry[0] = address_of(identity_blocks) | is_table;
    identity_blocks.entry[0] = device | is_block | accessed | never_executes;
    identity_blocks.entry[1] = block_bytes | ordinary | is_block | accessed | inner_shareable;
    kernel_root.entry[(kernel_virtual >> 39) % entries] = address_of(kernel_blocks) | is_table;
    kernel_blocks.entry[(kernel_virtual >> 30) % entries] =
        (kernel_physical & block_mask) | ordinary | is_block | accessed | inner_shareable;
    turn_on({address_of(identity_root), address_of(kernel_root), translation_control(),
             memory_attributes, system_control()});
}

}  // namespace vdsokit::sel4
