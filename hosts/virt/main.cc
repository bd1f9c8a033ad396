// SPDX-License-Identifier: BSD-2-Clause
// From the first instruction in the high half to the first process.
#include "hosts/machine/board.h"
#include "hosts/machine/boot_arguments.h"
#include "hosts/machine/console.h"
#include "hosts/machine/random.h"
#include "hosts/personality/personality.h"
#include "hosts/personality/text.h"
#include "hosts/virt/cpu/trap.h"
#include "hosts/virt/interrupts.h"
#include "hosts/virt/memory/frames.h"
#include "hosts/virt/memory/kernel_map.h"
#include "hosts/virt/panic.h"
#include "hosts/virt/power.h"
#include "hosts/virt/scheduler.h"
#include "hosts/virt/timer.h"

namespace vdsokit::virt {
namespace {

using kit::Bytes;
using machine::Board;
using machine::BootArguments;
using machine::DeviceRegisters;
using machine::DeviceTree;
using machine::InterruptController;
using personality::Text;

// What a boot loader may pass. [Linux Documentation/arch/arm64/booting.rst]
constexpr u64 device_tree_max = u64{2} * 1024 * 1024;

constinit u8 reason[256];

// Stops with the text; the buffer outlives it.
[[noreturn]] void stop_with(Text& text) {
    text.byte(0);
    reason[sizeof(reason) - 1] = 0;
    stop(reinterpret_cast<char const*>(reason));
}

Text begin_reason() { return Text(reason, sizeof(reason)); }

// Without a device tree there is no console to say so.
DeviceTree open_passed_tree(u64 device_tree) {
    u8 const* const at =
        reinterpret_cast<u8 const*>(device_tree_window + device_tree % block_bytes);
    auto const tree = machine::open_device_tree(Bytes(at, device_tree_max));
    if (!tree) power_off();
    return tree.value();
}

Board read_board_or_stop(DeviceTree const& tree) {
    auto const board = machine::read_board(tree);
    if (board) return board.value();
    Text text = begin_reason();
    text.add("device tree: ")
        .add(board.error().what)
        .add(" ")
        .add(machine::describe(board.error().error));
    stop_with(text);
}

BootArguments read_arguments_or_stop(Bytes line) {
    auto const arguments = machine::read_boot_arguments(line);
    if (arguments) return arguments.value();
    Bytes const word = arguments.error().word;
    Text text = begin_reason();
    text.add("boot argument not understood: ").add(word.data(), word.size());
    stop_with(text);
}

struct MemoryPlan {
    RangeSet free;  // for frames
    Range initrd_pages;
};

// The kernel's image is in memory too, but its pages have rights of their own already; the linear
// map must not offer them writable again. The initramfs and the device tree are never written.
MemoryPlan plan_memory(Board const& board, Range image, Range device_tree) {
    MemoryPlan plan;
    bool fits = true;
    for (Range const& range : board.memory) fits = fits && plan.free.add(range);
    for (Range const& range : board.reserved) fits = fits && plan.free.remove(range);
    fits = fits && plan.free.remove(image) && plan.free.remove(device_tree) &&
           plan.free.remove(board.initrd);
    if (!fits) stop("memory is in too many pieces");
    u64 const begin = kit::align_down(board.initrd.base, page_bytes);
    plan.initrd_pages = {begin, kit::align_up(board.initrd.end(), page_bytes) - begin};
    return plan;
}

Bytes map_memory(Board const& board, MemoryPlan const& plan) {
    for (Range const& range : plan.free) map_linear(range, kernel_read_write);
    if (board.initrd.size == 0) return {};
    map_linear(plan.initrd_pages, kernel_read_only);
    return Bytes(linear_pointer({board.initrd.base}), board.initrd.size);
}

void say_hello(Board const& board, u64 frames) {
    u8 buffer[256];
    Text text(buffer, sizeof(buffer));
    text.add("virt: ").decimal(frames / 256).add(" MiB free, GICv");
    text.add(board.controller == InterruptController::gic_v3 ? "3" : "2");
    text.add(", initramfs ").decimal(board.initrd.size / 1024).add(" KiB\n");
    host::console_write(host::Channel::messages, buffer, text.stored());
}

}  // namespace

// `image` and `device_tree` are physical addresses.
extern "C" [[noreturn]] void kernel_main(u64 image, u64 device_tree) {
    set_image_address({image});
    DeviceTree const tree = open_passed_tree(device_tree);
    auto const firmware = machine::find_firmware_call(tree);
    if (firmware) set_firmware_call(firmware.value());
    auto const console = machine::find_console(tree);
    if (!console) power_off();
    machine::start_console(machine::Pl011(map_device(console.value())));

    Board const board = read_board_or_stop(tree);
    BootArguments const arguments = read_arguments_or_stop(board.boot_arguments);
    machine::show_messages(arguments.verbose);

    u64 const image_bytes = static_cast<u64>(::image_end - ::image_begin);
    MemoryPlan const plan = plan_memory(board, {image, image_bytes}, {device_tree, tree.size()});
    Bytes const initramfs = map_memory(board, plan);
    if (!start_frames(plan.free)) stop("there is not enough memory");
    machine::start_random(board.random_seed, board.layout_seed, CounterKind::virtual_count);
    limit_user();
    start_interrupts(board);
    start_timer(DeviceRegisters(map_device(board.wall_clock)));
    say_hello(board, host::frame_count().free);

    personality::start({.initramfs = initramfs,
                        .vdso = arguments.vdso,
                        .vdso_fixed = arguments.vdso_address == machine::VdsoAddress::fixed,
                        .terminal = arguments.terminal,
                        .stats = arguments.stats,
                        .verbose = arguments.verbose,
                        .rows = arguments.rows,
                        .columns = arguments.columns});
    scheduler.resume();
}

}  // namespace vdsokit::virt
