// SPDX-License-Identifier: BSD-2-Clause
// Puts the kernel, a device tree and the root task where the kernel wants them, in this order in
// memory, and enters the kernel as seL4's own loader does. [seL4 src/arch/arm/64/head.S]
#include "hosts/machine/board.h"
#include "hosts/machine/console_input.h"
#include "hosts/machine/pl011.h"
#include "hosts/sel4/boot_image.h"
#include "hosts/sel4/loader/tables.h"
#include "kit/core/memory.h"
#include "kit/image/elf.h"

extern "C" char image_begin[], image_end[];

namespace vdsokit::sel4 {
namespace {

using kit::align_down;
using kit::align_up;
using kit::Bytes;

// entry.S
struct KernelStart {
    u64 image_start, image_end, physical_minus_virtual, entry, tree, tree_bytes, kernel_entry;
};
extern "C" [[noreturn]] void enter_kernel(KernelStart const& start);

constinit machine::Pl011 port;
constinit bool has_port = false;

void say(char const* text) {
    if (!has_port) return;
    for (; *text != 0; ++text) port.send(static_cast<u8>(*text));
}

// To the launcher in its own terms: a message that is always shown, and status 125.
[[noreturn]] void fail(char const* why) {
    constexpr u8 host_failed = 125;
    if (has_port) {
        port.send(machine::console_escape);
        port.send('a');
        say("loader: ");
        say(why);
        say("\n");
        port.send(machine::console_escape);
        port.send('x');
        port.send(host_failed);
        port.flush();
    }
    for (;;) asm volatile("wfi");
}

void open_port(Bytes tree_bytes) {
    auto const tree = machine::open_device_tree(tree_bytes);
    if (!tree) return;
    auto const console = machine::find_console(tree.value());
    if (!console) return;
    port = machine::Pl011(reinterpret_cast<u8*>(console.value().base));
    port.start();
    has_port = true;
}

struct Loaded {
    u64 begin;  // physical; whole pages
    u64 end;
    u64 entry;                   // virtual
    u64 physical_minus_virtual;  // modulo 2^64
};

kit::elf::ProgramHeader64 const* loads_of(Bytes file, kit::elf::FileHeader64 const& header) {
    u64 const bytes = u64{header.program_header_count} * sizeof(kit::elf::ProgramHeader64);
    if (!file.holds(header.program_headers, bytes)) fail("an ELF file's program headers are cut");
    return reinterpret_cast<kit::elf::ProgramHeader64 const*>(file.data() + header.program_headers);
}

kit::elf::FileHeader64 const& header_of(Bytes file) {
    if (!file.holds(0, sizeof(kit::elf::FileHeader64)) || file[0] != 0x7f || file[1] != 'E')
        fail("the kernel or the root task is no ELF file");
    return *reinterpret_cast<kit::elf::FileHeader64 const*>(file.data());
}

constexpr u32 is_load = 1;

// Where the file's segments begin and end, by virtual address.
struct Span {
    u64 begin = ~u64{0};
    u64 end = 0;
    u64 physical = ~u64{0};
};
Span span_of(Bytes file) {
    auto const& header = header_of(file);
    auto const* const loads = loads_of(file, header);
    Span span;
    for (u32 at = 0; at < header.program_header_count; ++at) {
        if (loads[at].type != is_load || loads[at].memory_size == 0) continue;
        if (!file.holds(loads[at].offset, loads[at].file_size)) fail("an ELF segment is cut");
        u64 const end = loads[at].virtual_address + loads[at].memory_size;
        if (loads[at].virtual_address < span.begin) {
            span.begin = loads[at].virtual_address;
            span.physical = loads[at].physical_address;
        }
        if (end > span.end) span.end = end;
    }
    if (span.end == 0) fail("an ELF file has nothing to load");
    return span;
}

// Copies the segments, the lowest one to `to`.
Loaded load(Bytes file, u64 to) {
    Span const span = span_of(file);
    auto const& header = header_of(file);
    auto const* const loads = loads_of(file, header);
    u64 const first = align_down(span.begin, page_bytes);
    u64 const bytes = align_up(span.end, page_bytes) - first;
    if (to + bytes > reinterpret_cast<u64>(image_begin)) fail("there is no room below the loader");
    __builtin_memset(reinterpret_cast<u8*>(to), 0, bytes);
    for (u32 at = 0; at < header.program_header_count; ++at) {
        if (loads[at].type != is_load) continue;
        __builtin_memcpy(reinterpret_cast<u8*>(to + (loads[at].virtual_address - first)),
                         file.data() + loads[at].offset, loads[at].file_size);
    }
    return {to, to + bytes, header.entry, to - first};
}

// The tree without the room that QEMU leaves at its end: every page of it costs the kernel a slot.
u64 copy_tree(Bytes tree, u64 to) {
    constexpr u64 size_at = 4, strings_at = 12, strings_size_at = 32, structure_at = 8,
                  structure_size_at = 36;
    u64 const strings =
        u64{machine::big_word(tree, strings_at)} + machine::big_word(tree, strings_size_at);
    u64 const structure =
        u64{machine::big_word(tree, structure_at)} + machine::big_word(tree, structure_size_at);
    u64 const used = align_up(strings > structure ? strings : structure, 8);
    u64 const size = used < tree.size() ? used : tree.size();
    u8* const copy = reinterpret_cast<u8*>(to);
    __builtin_memcpy(copy, tree.data(), size);
    for (u32 byte = 0; byte < 4; ++byte)
        copy[size_at + byte] = static_cast<u8>(size >> (8 * (3 - byte)));
    return size;
}

Bytes part_of(BootImage const& image, Part part) {
    if (part.offset > image.size || part.size > image.size - part.offset)
        fail("a part lies outside the boot image");
    return Bytes(reinterpret_cast<u8 const*>(&image) + part.offset, part.size);
}

void copy_part(u64& at, u64 boot, Part& place, Bytes bytes) {
    if (at + bytes.size() > reinterpret_cast<u64>(image_begin))
        fail("the initramfs does not fit below the loader");
    __builtin_memcpy(reinterpret_cast<u8*>(at), bytes.data(), bytes.size());
    place = {at - boot, bytes.size()};
    at = align_up(at + bytes.size(), page_bytes);
}

// What the root task finds behind its own image. Returns where that ends.
u64 leave_task_boot(BootImage const& image, Loaded const& task) {
    u64 const boot = task.end;
    TaskBoot values{};
    values.magic = TaskBoot::expected_magic;
    values.image_bytes = task.end - task.begin;
    asm volatile("mrs %0, id_aa64isar0_el1" : "=r"(values.isar0));
    asm volatile("mrs %0, id_aa64isar1_el1" : "=r"(values.isar1));
    asm volatile("mrs %0, id_aa64pfr0_el1" : "=r"(values.pfr0));
    u64 at = boot + page_bytes;
    copy_part(at, boot, values.initramfs, part_of(image, image.initramfs));
    copy_part(at, boot, values.arguments, part_of(image, image.arguments));
    __builtin_memcpy(reinterpret_cast<u8*>(boot), &values, sizeof(values));
    return at;
}

// The tree that the machine passed, which describes it as it is and brings seeds; else the one that
// the kernel was built with.
Bytes choose_tree(u64 passed, Bytes built_in) {
    constexpr u64 longest = u64{2} * 1024 * 1024;
    Bytes const candidate(reinterpret_cast<u8 const*>(passed), longest);
    auto const tree = machine::open_device_tree(passed == 0 ? built_in : candidate);
    if (!tree || passed == 0) return built_in;
    return candidate.part(0, tree.value().size());
}

}  // namespace

extern "C" [[noreturn]] void loader_main(u64 passed_tree, u64 loaded_at) {
    if (loaded_at != reinterpret_cast<u64>(image_begin)) fail("not loaded where it is linked");
    auto const& image = *reinterpret_cast<BootImage const*>(image_end);
    if (image.magic != BootImage::expected_magic) fail("no boot image behind the loader");
    Bytes const kernel = part_of(image, image.kernel);
    Span const span = span_of(kernel);
    turn_on_mapping(span.begin, span.physical);
    Bytes const tree = choose_tree(passed_tree, part_of(image, image.device_tree));
    open_port(tree);

    Loaded const loaded_kernel = load(kernel, align_down(span.physical, page_bytes));
    u64 const tree_at = loaded_kernel.end;
    u64 const tree_bytes = copy_tree(tree, tree_at);
    Loaded const task =
        load(part_of(image, image.root_task), align_up(tree_at + tree_bytes, page_bytes));
    u64 const task_end = leave_task_boot(image, task);
    enter_kernel({.image_start = task.begin,
                  .image_end = task_end,
                  .physical_minus_virtual = task.physical_minus_virtual,
                  .entry = task.entry,
                  .tree = tree_at,
                  .tree_bytes = tree_bytes,
                  .kernel_entry = loaded_kernel.entry});
}

}  // namespace vdsokit::sel4
