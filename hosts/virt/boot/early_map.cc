// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/boot/early_map.h"

#include "el1.h"

#include "hosts/virt/memory/kernel_layout.h"

namespace vdsokit::virt {
namespace {

constexpr u64 image_tables = kernel_bytes_max / block_bytes;

struct EarlyTables {
    PageTable kernel_level1;
    PageTable image_level2;
    PageTable image_level3[image_tables];
    PageTable window_level2;
    PageTable identity_level0;
    PageTable identity_level1;
    PageTable identity_level2;
};
[[gnu::section(".early_tables")]] EarlyTables tables;

// The MMU is off: an address here is the physical one.
u64 physical(void const* at) { return reinterpret_cast<u64>(at); }
u64 to_table(PageTable const& table) {
    return physical(&table) | entry_valid | entry_table_or_page;
}

void clear(PageTable* first, u64 count) {
    for (u64 at = 0; at < count; ++at)
        for (u64& entry : first[at].entries) entry = 0;
}

// Rights of the image's page at `offset`; 0 for a guard page.
u64 image_page(u64 offset, u64 image) {
    u64 const at = image + offset;
    if (at == physical(stack_guard) || at == physical(emergency_guard)) return 0;
    if (at < physical(text_end)) return kernel_read_execute;
    if (at < physical(rodata_end)) return kernel_read_only;
    return kernel_read_write;
}

void map_image(u64 image) {
    u64 const size = physical(image_end) - image;
    for (u64 offset = 0; offset < size; offset += page_bytes) {
        u64 const rights = image_page(offset, image);
        if (rights == 0) continue;
        PageTable& table = tables.image_level3[offset / block_bytes];
        table.entries[entry_index(offset, 3)] = (image + offset) | entry_table_or_page | rights;
    }
    for (u64 at = 0; at < image_tables; ++at)
        tables.image_level2.entries[at] = to_table(tables.image_level3[at]);
    tables.kernel_level1.entries[entry_index(kernel_base, 1)] = to_table(tables.image_level2);
}

// Two blocks: a device tree of the 2 MiB that the boot protocol allows may cross one boundary.
void map_device_tree(u64 device_tree) {
    u64 const block = device_tree & ~(block_bytes - 1);
    for (u64 at = 0; at < 2; ++at)
        tables.window_level2.entries[at] = (block + at * block_bytes) | kernel_read_only;
    tables.kernel_level1.entries[entry_index(device_tree_window, 1)] =
        to_table(tables.window_level2);
}

// The block of the image's first bytes: the instructions that turn the MMU on are in its header.
void map_identity(u64 image) {
    tables.identity_level0.entries[entry_index(image, 0)] = to_table(tables.identity_level1);
    tables.identity_level1.entries[entry_index(image, 1)] = to_table(tables.identity_level2);
    tables.identity_level2.entries[entry_index(image, 2)] = image | kernel_read_execute;
}

// TCR_EL1: 48-bit addresses in both halves, 4 KiB pages, walks cached and inner shareable, the top
// byte of a process's address ignored (Linux's promise to programs).
u64 translation_control() {
    constexpr u64 size_48 = 16;
    constexpr u64 cached_walks = 1 << 0 | 1 << 2 | 3 << 4;  // IRGN, ORGN write-back; SH inner
    constexpr u64 pages_4k_high = u64{2} << 30;             // TG1; TG0 = 0 says the same
    constexpr u64 ignore_top_byte = u64{1} << 37;
    constexpr u64 wide_asids = u64{1} << 36;
    constexpr u64 bits_48 = 5;
    u64 const features = read_memory_features();
    u64 const range = (features & 0xf) < bits_48 ? (features & 0xf) : bits_48;
    u64 value = size_48 | size_48 << 16 | cached_walks << 8 | cached_walks << 24 | pages_4k_high |
                ignore_top_byte | range << 32;
    if (((features >> 4) & 0xf) == 2) value |= wide_asids;
    return value;
}

// SCTLR_EL1: MMU and caches on; what is writable never executes; stack pointers are checked; EL0
// may clean caches, use dc zva, read CTR_EL0, wfi and wfe, as on Linux. In AArch32 state it may use
// the barriers of CP15 and every form of IT, but not become big-endian. SPAN stays clear where the
// CPU has PAN, so that every exception takes the kernel's right to user pages away.
u64 system_control() {
    constexpr u64 mmu = 1 << 0 | 1 << 2 | 1 << 12;
    constexpr u64 stack_checks = 1 << 3 | 1 << 4;
    constexpr u64 write_never_executes = 1 << 19;
    constexpr u64 user_may = 1 << 14 | 1 << 15 | 1 << 16 | 1 << 18 | 1 << 26;
    constexpr u64 no_aarch32 = 1 << 7 | 1 << 8;
    constexpr u64 aarch32 = 1 << 5 | 1 << 8;
    constexpr u64 fixed = 1 << 11 | 1 << 20 | 1 << 22 | 1 << 28 | 1 << 29;
    constexpr u64 keep_user_rights = 1 << 23;
    u64 value = mmu | stack_checks | write_never_executes | user_may | fixed;
    value |= runs_aarch32() ? aarch32 : no_aarch32;
    if (!has_privileged_access_never()) value |= keep_user_rights;
    return value;
}

}  // namespace

extern "C" {
[[gnu::section(".early_tables")]] PageTable kernel_root;
[[gnu::section(".early_tables")]] PageTable empty_root;
}

extern "C" void prepare_early_map(EarlyControl& control, u64 image, u64 device_tree) {
    clear(&tables.kernel_level1, sizeof(tables) / sizeof(PageTable));
    clear(&kernel_root, 1);
    clear(&empty_root, 1);
    map_image(image);
    map_device_tree(device_tree);
    map_identity(image);
    kernel_root.entries[entry_index(kernel_base, 0)] = to_table(tables.kernel_level1);
    control.ttbr0 = physical(&tables.identity_level0);
    control.ttbr1 = physical(&kernel_root);
    control.tcr = translation_control();
    control.mair = memory_attributes;
    control.sctlr = system_control();
}

}  // namespace vdsokit::virt
