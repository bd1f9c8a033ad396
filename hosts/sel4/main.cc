// SPDX-License-Identifier: BSD-2-Clause
// The root task: from the kernel's BootInfo to the first process.
#include "cpu_features.h"
#include "hosts/machine/boot_arguments.h"
#include "hosts/machine/console.h"
#include "hosts/personality/personality.h"
#include "hosts/personality/text.h"
#include "hosts/sel4/boot_image.h"
#include "hosts/sel4/devices.h"
#include "hosts/sel4/host.h"
#include "hosts/sel4/objects/mappings.h"
#include "hosts/sel4/objects/own_space.h"
#include "hosts/sel4/objects/threads.h"
#include "hosts/sel4/own_threads.h"
#include "hosts/sel4/panic.h"
#include "hosts/sel4/scheduler.h"
#include "hosts/sel4/vectors.h"

extern "C" {
// root.ld
extern char image_begin[], text_end[], rodata_end[], image_end[], stack_guard[], helper_guard[],
    watcher_guard[];
}

namespace vdsokit::sel4 {
namespace {

using kit::Access;
using kit::Bytes;
using machine::Board;
using machine::BootArguments;
using personality::Text;

constinit u8 reason[256];
constinit arch::IdentificationRegisters cpu{};

[[noreturn]] void stop_with(Text& text) {
    text.byte(0);
    reason[sizeof(reason) - 1] = 0;
    stop(reinterpret_cast<char const*>(reason));
}

u64 address_of(char const* symbol) { return reinterpret_cast<u64>(symbol); }

// The device tree is one of the chunks behind the BootInfo.
Bytes find_tree(seL4_BootInfo const& info) {
    u8 const* const extra = reinterpret_cast<u8 const*>(&info) + seL4_BootInfoFrameSize;
    for (u64 at = 0; at + sizeof(seL4_BootInfoHeader) <= info.extraLen;) {
        auto const& chunk = *reinterpret_cast<seL4_BootInfoHeader const*>(extra + at);
        if (chunk.len < sizeof(chunk) || chunk.len > info.extraLen - at) break;
        if (chunk.id == SEL4_BOOTINFO_HEADER_FDT)
            return Bytes(extra + at + sizeof(chunk), chunk.len - sizeof(chunk));
        at += chunk.len;
    }
    return {};
}

Board read_board_or_stop(machine::DeviceTree const& tree) {
    auto const board = machine::read_board(tree);
    if (board) return board.value();
    Text text(reason, sizeof(reason));
    text.add("device tree: ").add(board.error().what).add(" ");
    text.add(machine::describe(board.error().error));
    stop_with(text);
}

BootArguments read_arguments_or_stop(Bytes line) {
    auto const arguments = machine::read_boot_arguments(line);
    if (arguments) return arguments.value();
    Bytes const word = arguments.error().word;
    Text text(reason, sizeof(reason));
    text.add("boot argument not understood: ").add(word.data(), word.size());
    stop_with(text);
}

// The kernel has mapped every page of ours with all rights.
void protect_image(u64 boot_end) {
    u64 index = 0;
    for (u64 page = address_of(image_begin); page < boot_end; page += page_bytes, ++index) {
        Access access = Access::read_write;
        if (page < address_of(text_end))
            access = Access::read_execute;
        else if (page < address_of(rodata_end) || page >= address_of(image_end))
            access = Access::read;
        else if (page == address_of(stack_guard) || page == address_of(helper_guard) ||
                 page == address_of(watcher_guard))
            access = Access::none;
        protect_own_page(index, page, access);
    }
}

void say_hello(u64 initramfs_bytes) {
    u8 buffer[256];
    Text text(buffer, sizeof(buffer));
    text.add("sel4: ").decimal(host::frame_count().free / 256).add(" MiB free, ");
    text.add(user_counter == CounterKind::virtual_count ? "CNTVCT_EL0" : "CNTPCT_EL0");
    text.add(has_user_timer ? ", a timer of its own" : ", no timer of its own");
    text.add(", initramfs ").decimal(initramfs_bytes / 1024).add(" KiB\n");
    host::console_write(host::Channel::messages, buffer, text.stored());
}

}  // namespace

extern "C" [[noreturn]] void root_main(seL4_BootInfo const& info) {
    seL4_SetIPCBuffer(info.ipcBuffer);
    auto const& boot = *reinterpret_cast<TaskBoot const*>(image_end);
    auto const tree = machine::open_device_tree(find_tree(info));
    // Nobody could be told.
    if (boot.magic != TaskBoot::expected_magic || !tree) stop_running();
    Board const board = read_board_or_stop(tree.value());
    machine::start_random(board.random_seed, board.layout_seed, user_counter);
    u64 guard_seed = 0;
    host::fill_random(reinterpret_cast<u8*>(&guard_seed), sizeof(guard_seed));
    start_capabilities(info, guard_seed);
    machine::Pl011 const port(device(board.console));
    start_console_input(board.console_interrupt);
    machine::start_console(port);
    start_watcher_or_stop();

    u8 const* const parts = reinterpret_cast<u8 const*>(&boot);
    BootArguments const arguments =
        read_arguments_or_stop(Bytes(parts + boot.arguments.offset, boot.arguments.size));
    machine::show_messages(arguments.verbose);
    cpu = {.isar0 = boot.isar0, .isar1 = boot.isar1, .pfr0 = boot.pfr0};
    protect_image(kit::align_up(address_of(image_end) + boot.arguments.offset + boot.arguments.size,
                                page_bytes));
    if (!start_vectors()) stop("there is not enough memory");
    start_timer(machine::DeviceRegisters(device(board.wall_clock)), board.physical_timer_interrupt);
    start_helper_or_stop();
    say_hello(boot.initramfs.size);

    personality::start({.initramfs = Bytes(parts + boot.initramfs.offset, boot.initramfs.size),
                        .vdso = arguments.vdso,
                        .vdso_fixed = arguments.vdso_address != machine::VdsoAddress::random,
                        .terminal = arguments.terminal,
                        .stats = arguments.stats,
                        .verbose = arguments.verbose,
                        .rows = arguments.rows,
                        .columns = arguments.columns});
    scheduler.run();
}

}  // namespace vdsokit::sel4

namespace vdsokit::host {

CpuFeatures cpu_features() {
    arch::Features const features = arch::features_of(sel4::cpu);
    return {features.hwcap, features.hwcap2};
}

void shut_down(u32 status) {
    u8 buffer[160];
    personality::Text text(buffer, sizeof(buffer));
    FrameCount const count = frame_count();
    text.add("sel4: in use at the end: slots=").decimal(sel4::slots_used());
    text.add(" pages=").decimal(count.total - count.free);
    sel4::MappingCounts const mappings = sel4::mapping_counts();
    text.add("; since the start: copies=").decimal(mappings.copies);
    text.add(" maps=").decimal(mappings.maps).add("\n");
    console_write(Channel::messages, buffer, text.stored());
    machine::send_exit_status(static_cast<u8>(status));
    sel4::stop_running();
}

}  // namespace vdsokit::host
