// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/board.h"

#include "hosts/machine/device_reader.h"

namespace vdsokit::machine {
namespace {

using kit::Bytes;
using kit::Nothing;
using kit::Result;

// Interrupts are {type, number, flags}; a GIC counts shared ones from 32, private ones from 16.
constexpr u64 interrupt_cells = 3;
constexpr u32 shared_type = 0;
constexpr u32 private_type = 1;

BoardFault missing(char const* what) { return {BoardError::missing, what}; }
BoardFault malformed(char const* what) { return {BoardError::malformed, what}; }

// Entry `index` of a node's interrupts, as the controller numbers it.
bool interrupt(DeviceTree const& tree, DeviceNode node, u32 index, u32& id) {
    Bytes value;
    u64 const at = u64{index} * interrupt_cells * 4;
    if (!tree.property(node, "interrupts", value) || !value.holds(at, interrupt_cells * 4))
        return false;
    u32 const type = big_word(value, at);
    u32 const number = big_word(value, at + 4);
    if (type == shared_type && number < 988)
        id = number + 32;
    else if (type == private_type && number < 16)
        id = number + 16;
    else
        return false;
    return true;
}

Result<Nothing, BoardFault> read_memory(DeviceTree const& tree, DeviceReader const& devices,
                                        Board& board) {
    for (DeviceNode at = tree.first_child(tree.root()); at != no_node; at = tree.next_sibling(at)) {
        if (!tree.property_lists(at, "device_type", "memory") || !devices.is_enabled(at)) continue;
        Bytes value;
        if (!tree.property(at, "reg", value)) return missing("reg of memory");
        u32 const count = devices.range_count(value);
        if (count == 0) return malformed("reg of memory");
        for (u32 index = 0; index < count; ++index) {
            Range range;
            if (!devices.range_in(value, index, range)) return malformed("reg of memory");
            if (range.size == 0) continue;
            if (!board.memory.push(range)) return BoardFault{BoardError::too_many, "memory"};
        }
    }
    if (board.memory.empty()) return missing("memory");
    return Nothing{};
}

Result<Nothing, BoardFault> read_reserved(DeviceTree const& tree, Board& board) {
    ReservedRange entry;
    for (u32 index = 0; tree.reservation(index, entry); ++index) {
        if (!kit::inside(entry.base, entry.size, physical_limit))
            return malformed("memory reservation");
        if (!board.reserved.push({entry.base, entry.size}))
            return BoardFault{BoardError::too_many, "memory reservations"};
    }
    constexpr char name[] = "reserved-memory";
    DeviceNode const parent =
        tree.child(tree.root(), {reinterpret_cast<u8 const*>(name), sizeof(name) - 1});
    if (parent == no_node) return Nothing{};
    DeviceReader const reader(tree, parent);
    for (DeviceNode at = tree.first_child(parent); at != no_node; at = tree.next_sibling(at)) {
        Bytes value;
        // Without reg it is a wish for memory at no given place, which this kernel does not serve.
        if (!tree.property(at, "reg", value)) continue;
        u32 const count = reader.range_count(value);
        if (count == 0) return malformed("reg of reserved-memory");
        for (u32 index = 0; index < count; ++index) {
            Range range;
            if (!reader.range_in(value, index, range)) return malformed("reg of reserved-memory");
            if (!board.reserved.push(range))
                return BoardFault{BoardError::too_many, "reserved-memory"};
        }
    }
    return Nothing{};
}

// linux,initrd-start and -end are one or two words each.
bool chosen_address(DeviceTree const& tree, DeviceNode chosen, char const* name, u64& to) {
    Bytes value;
    if (!tree.property(chosen, name, value)) return false;
    if (value.size() == 4)
        to = big_word(value, 0);
    else if (value.size() == 8)
        to = big_double(value, 0);
    else
        return false;
    return true;
}

DeviceNode find_chosen(DeviceTree const& tree) {
    constexpr char name[] = "chosen";
    return tree.child(tree.root(), {reinterpret_cast<u8 const*>(name), sizeof(name) - 1});
}

Result<Nothing, BoardFault> read_initrd(DeviceTree const& tree, DeviceNode chosen, Board& board) {
    u64 start = 0;
    u64 end = 0;
    Bytes value;
    if (!tree.property(chosen, "linux,initrd-start", value)) return Nothing{};
    if (!chosen_address(tree, chosen, "linux,initrd-start", start))
        return malformed("linux,initrd-start");
    if (!chosen_address(tree, chosen, "linux,initrd-end", end) || end < start)
        return malformed("linux,initrd-end");
    for (Range const& memory : board.memory)
        if (start >= memory.base && kit::inside(start - memory.base, end - start, memory.size)) {
            board.initrd = {start, end - start};
            return Nothing{};
        }
    return BoardFault{BoardError::outside_memory, "linux,initrd-start"};
}

Result<Nothing, BoardFault> read_chosen(DeviceTree const& tree, Board& board) {
    DeviceNode const chosen = find_chosen(tree);
    if (chosen == no_node) return missing("chosen");
    auto const initrd = read_initrd(tree, chosen, board);
    if (!initrd) return initrd.error();
    Bytes value;
    if (tree.property(chosen, "bootargs", value)) {
        if (value.size() == 0 || value[value.size() - 1] != 0) return malformed("bootargs");
        board.boot_arguments = value.part(0, value.size() - 1);
    }
    if (tree.property(chosen, "rng-seed", value)) board.random_seed = value;
    if (tree.property(chosen, "kaslr-seed", value)) {
        if (value.size() != 8) return malformed("kaslr-seed");
        board.layout_seed = big_double(value, 0);
    }
    return Nothing{};
}

// /chosen/stdout-path names the console: a path of one name, perhaps with options after a colon.
DeviceNode find_console_node(DeviceTree const& tree, DeviceReader const& devices) {
    DeviceNode const chosen = find_chosen(tree);
    Bytes path;
    if (chosen == no_node || !tree.property(chosen, "stdout-path", path))
        return devices.find("arm,pl011");
    if (path.size() < 2 || path[0] != '/') return no_node;
    u64 end = 1;
    while (end < path.size() && path[end] != 0 && path[end] != ':') ++end;
    DeviceNode const node = tree.child(tree.root(), path.part(1, end - 1));
    return node != no_node && tree.property_lists(node, "compatible", "arm,pl011") ? node : no_node;
}

Result<Nothing, BoardFault> read_controller(DeviceTree const& tree, DeviceReader const& devices,
                                            Board& board) {
    DeviceNode node = devices.find("arm,gic-v3");
    board.controller = InterruptController::gic_v3;
    if (node == no_node) {
        node = devices.find("arm,cortex-a15-gic");
        board.controller = InterruptController::gic_v2;
    }
    if (node == no_node) return missing("interrupt controller (GICv2 or GICv3)");
    u32 cells = 0;
    if (!tree.property_word(node, "#interrupt-cells", cells) || cells != interrupt_cells)
        return malformed("#interrupt-cells");
    if (!devices.range(node, 0, board.distributor) || !devices.range(node, 1, board.cpu_interface))
        return malformed("reg of the interrupt controller");
    return Nothing{};
}

Result<Nothing, BoardFault> read_devices(DeviceTree const& tree, DeviceReader const& devices,
                                         Board& board) {
    auto const controller = read_controller(tree, devices, board);
    if (!controller) return controller.error();

    DeviceNode const console = find_console_node(tree, devices);
    if (console == no_node) return missing("console (PL011)");
    if (!devices.range(console, 0, board.console)) return malformed("reg of the console");
    if (!interrupt(tree, console, 0, board.console_interrupt))
        return malformed("interrupts of the console");

    DeviceNode const clock = devices.find("arm,pl031");
    if (clock == no_node) return missing("wall clock (PL031)");
    if (!devices.range(clock, 0, board.wall_clock)) return malformed("reg of the wall clock");

    DeviceNode const timer = devices.find("arm,armv8-timer");
    if (timer == no_node) return missing("timer (arm,armv8-timer)");
    // Secure physical, non-secure physical, virtual, hypervisor. [Linux, arm,arch_timer.yaml]
    constexpr u32 physical_timer = 1;
    constexpr u32 virtual_timer = 2;
    if (!interrupt(tree, timer, physical_timer, board.physical_timer_interrupt) ||
        !interrupt(tree, timer, virtual_timer, board.timer_interrupt))
        return malformed("interrupts of the timer");

    auto const firmware = find_firmware_call(tree);
    if (!firmware) return firmware.error();
    board.firmware_call = firmware.value();
    return Nothing{};
}

}  // namespace

char const* describe(BoardError error) {
    switch (error) {
    case BoardError::missing: return "is missing";
    case BoardError::malformed: return "makes no sense";
    case BoardError::too_many: return "has more ranges than there is room for";
    case BoardError::outside_memory: return "lies outside memory";
    }
    return "is wrong";
}

Result<Range, BoardFault> find_console(DeviceTree const& tree) {
    DeviceReader const devices(tree, tree.root());
    DeviceNode const node = find_console_node(tree, devices);
    if (node == no_node) return missing("console (PL011)");
    Range range;
    if (!devices.range(node, 0, range)) return malformed("reg of the console");
    return range;
}

Result<FirmwareCall, BoardFault> find_firmware_call(DeviceTree const& tree) {
    DeviceReader const devices(tree, tree.root());
    DeviceNode node = devices.find("arm,psci-1.0");
    if (node == no_node) node = devices.find("arm,psci-0.2");
    if (node == no_node) return missing("firmware (PSCI 0.2 or later)");
    if (tree.property_lists(node, "method", "hvc")) return FirmwareCall::hypervisor;
    if (tree.property_lists(node, "method", "smc")) return FirmwareCall::secure_monitor;
    return malformed("method of the firmware");
}

Result<Board, BoardFault> read_board(DeviceTree const& tree) {
    Board board{};
    DeviceReader const devices(tree, tree.root());
    auto const memory = read_memory(tree, devices, board);
    if (!memory) return memory.error();
    auto const reserved = read_reserved(tree, board);
    if (!reserved) return reserved.error();
    auto const chosen = read_chosen(tree, board);
    if (!chosen) return chosen.error();
    auto const found = read_devices(tree, devices, board);
    if (!found) return found.error();
    return board;
}

}  // namespace vdsokit::machine
