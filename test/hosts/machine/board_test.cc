// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/board.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "test/hosts/machine/tree_builder.h"

namespace vdsokit::machine {
namespace {

using test::as_bytes;
using test::TreeBuilder;
using Words = std::vector<u32>;
using Strings = std::vector<std::string>;

constexpr u32 shared = 0;
constexpr u32 private_type = 1;

// What QEMU 7.2 writes for -machine virt,gic-version=2 -m 1G, as far as it is read. Tests change
// one field; an empty list leaves the property out.
struct Virt {
    Words root_cells = {2, 2};
    Words memory = {0, 0x40000000, 0, 0x40000000};
    Words console = {0, 0x09000000, 0, 0x1000};
    Words console_interrupt = {shared, 1, 4};
    Strings console_status;
    Words wall_clock = {0, 0x09010000, 0, 0x1000};
    std::string controller = "arm,cortex-a15-gic";
    Words controller_cells = {3};
    Words controller_ranges = {0, 0x08000000, 0, 0x10000, 0, 0x08010000, 0, 0x10000};
    Words timer = {private_type, 13, 4, private_type, 14, 4, private_type, 11, 4};
    Strings firmware = {"arm,psci-1.0", "arm,psci-0.2", "arm,psci"};
    std::string method = "hvc";
    bool has_chosen = true;
    Strings stdout_path = {"/pl011@9000000"};
    Strings boot_arguments = {"stats rows=24"};
    Words initrd_start = {0x48000000};
    Words initrd_end = {0x48001234};
    Words seed;
    Words layout_seed = {1, 2};
    Words reserved_memory;
    std::vector<std::pair<u64, u64>> reservations;

    std::vector<u8> build() const {
        TreeBuilder tree;
        for (auto const& [base, size] : reservations) tree.reserve(base, size);
        tree.begin("");
        tree.words("#address-cells", {root_cells[0]}).words("#size-cells", {root_cells[1]});
        tree.begin("psci").strings("compatible", firmware).strings("method", {method}).end();
        tree.begin("memory@40000000").strings("device_type", {"memory"});
        words(tree, "reg", memory).end();
        tree.begin("pl031@9010000").strings("compatible", {"arm,pl031", "arm,primecell"});
        words(tree, "reg", wall_clock).end();
        tree.begin("pl011@9000000").strings("compatible", {"arm,pl011", "arm,primecell"});
        if (!console_status.empty()) tree.strings("status", console_status);
        words(tree, "reg", console);
        words(tree, "interrupts", console_interrupt).end();
        tree.begin("intc@8000000").strings("compatible", {controller});
        words(tree, "#interrupt-cells", controller_cells);
        words(tree, "reg", controller_ranges).end();
        tree.begin("timer").strings("compatible", {"arm,armv8-timer", "arm,armv7-timer"});
        words(tree, "interrupts", timer).end();
        if (!reserved_memory.empty()) {
            tree.begin("reserved-memory").words("#address-cells", {2}).words("#size-cells", {2});
            tree.begin("firmware@0").words("reg", reserved_memory).end();
            tree.begin("anywhere").words("size", {0, 0x1000}).end().end();
        }
        if (has_chosen) chosen(tree);
        tree.end().token(9);
        return tree.build();
    }

private:
    static TreeBuilder& words(TreeBuilder& tree, char const* name, Words const& values) {
        if (!values.empty()) tree.words(name, values);
        return tree;
    }
    void chosen(TreeBuilder& tree) const {
        tree.begin("chosen");
        words(tree, "linux,initrd-start", initrd_start);
        words(tree, "linux,initrd-end", initrd_end);
        if (!boot_arguments.empty()) tree.strings("bootargs", boot_arguments);
        if (!stdout_path.empty()) tree.strings("stdout-path", stdout_path);
        words(tree, "rng-seed", seed);
        words(tree, "kaslr-seed", layout_seed);
        tree.end();
    }
};

// The bytes outlive the board, which points into them.
struct Reading {
    explicit Reading(Virt const& machine)
        : bytes(machine.build()), board(read_board(open_device_tree(as_bytes(bytes)).value())) {}
    std::vector<u8> bytes;
    kit::Result<Board, BoardFault> board;
};

TEST(Board, every_fact_of_a_gic_v2_machine_is_read) {
    Virt machine;
    machine.seed = {0x01020304};
    Reading const reading(machine);
    ASSERT_TRUE(reading.board);
    Board const& board = reading.board.value();
    ASSERT_EQ(board.memory.size(), 1u);
    EXPECT_EQ(board.memory[0], (Range{0x40000000, 0x40000000}));
    EXPECT_TRUE(board.reserved.empty());
    EXPECT_EQ(board.initrd, (Range{0x48000000, 0x1234}));
    EXPECT_EQ(board.console, (Range{0x09000000, 0x1000}));
    EXPECT_EQ(board.wall_clock, (Range{0x09010000, 0x1000}));
    EXPECT_EQ(board.controller, InterruptController::gic_v2);
    EXPECT_EQ(board.distributor, (Range{0x08000000, 0x10000}));
    EXPECT_EQ(board.cpu_interface, (Range{0x08010000, 0x10000}));
    EXPECT_EQ(board.console_interrupt, 33u);  // shared ones begin at 32
    EXPECT_EQ(board.timer_interrupt, 27u);    // private ones at 16
    EXPECT_EQ(board.physical_timer_interrupt, 30u);
    EXPECT_EQ(board.firmware_call, FirmwareCall::hypervisor);
    EXPECT_TRUE(equals(board.boot_arguments, "stats rows=24"));
    EXPECT_EQ(board.random_seed.size(), 4u);
    EXPECT_EQ(board.layout_seed, 0x1'0000'0002u);
}

TEST(Board, other_sound_machines_are_read_too) {
    struct Row {
        std::function<void(Virt&)> change;
        std::function<bool(Board const&)> holds;
        char const* reason;
    };
    Row const rows[] = {
        {[](Virt& v) { v.controller = "arm,gic-v3"; },
         [](Board const& b) { return b.controller == InterruptController::gic_v3; },
         "gic-version=3"},
        {[](Virt& v) { v.method = "smc"; },
         [](Board const& b) { return b.firmware_call == FirmwareCall::secure_monitor; },
         "virtualization=on"},
        {[](Virt& v) {
             v.initrd_start.clear();
             v.initrd_end.clear();
         },
         [](Board const& b) { return b.initrd.size == 0; }, "no -initrd"},
        {[](Virt& v) {
             v.initrd_start = {0, 0x48000000};
             v.initrd_end = {0, 0x48000001};
         },
         [](Board const& b) {
             return b.initrd == Range{0x48000000, 1};
         },
         "two words, as newer loaders write them"},
        {[](Virt& v) { v.boot_arguments.clear(); },
         [](Board const& b) { return b.boot_arguments.size() == 0; }, "no -append"},
        {[](Virt& v) { v.stdout_path.clear(); },
         [](Board const& b) { return b.console.base == 0x09000000; },
         "without a choice the first PL011 is the console"},
        {[](Virt& v) { v.stdout_path = {"/pl011@9000000:115200n8"}; },
         [](Board const& b) { return b.console.base == 0x09000000; }, "options follow a colon"},
        {[](Virt& v) { v.memory = {0, 0x40000000, 0, 0x10000000, 1, 0, 0, 0x40000000}; },
         [](Board const& b) { return b.memory.size() == 2 && b.memory[1].base == 0x1'0000'0000; },
         "memory above 4 GiB is a second range"},
        {[](Virt& v) {
             v.reserved_memory = {0, 0x50000000, 0, 0x1000};
         },
         [](Board const& b) {
             return b.reserved.size() == 1 && b.reserved[0] == Range{0x50000000, 0x1000};
         },
         "a node without reg has no place yet"},
        {[](Virt& v) {
             v.reservations = {{0x40000000, 0x1000}};
         },
         [](Board const& b) {
             return b.reserved[0] == Range{0x40000000, 0x1000};
         },
         "/memreserve/"},
    };
    for (Row const& row : rows) {
        Virt machine;
        row.change(machine);
        Reading const reading(machine);
        ASSERT_TRUE(reading.board) << row.reason;
        EXPECT_TRUE(row.holds(reading.board.value())) << row.reason;
    }
}

TEST(Board, what_is_missing_or_makes_no_sense_is_named) {
    struct Row {
        std::function<void(Virt&)> change;
        BoardError error;
        char const* what;
        char const* reason;
    };
    using enum BoardError;
    Row const rows[] = {
        {[](Virt& v) { v.memory.clear(); }, missing, "reg of memory", "no reg"},
        {[](Virt& v) {
             v.memory = {0, 0x40000000, 0};
         },
         malformed, "reg of memory", "half a range"},
        {[](Virt& v) {
             v.memory = {0xffffffff, 0xfffff000, 0, 0x2000};
         },
         malformed, "reg of memory", "base + size wraps"},
        {[](Virt& v) {
             v.memory = {0x8000, 0, 0, 0x1000};
         },
         malformed, "reg of memory", "beyond the linear map"},
        {[](Virt& v) {
             v.memory = {0, 0x40000000, 0, 0};
         },
         missing, "memory", "a range of nothing"},
        {[](Virt& v) { v.memory.assign(u64{4} * 9, 0x1000); }, too_many, "memory", "nine ranges"},
        {[](Virt& v) {
             v.root_cells = {0, 0};
         },
         malformed, "reg of memory", "ranges of no bytes: a division by zero, if not refused"},
        {[](Virt& v) {
             v.root_cells = {3, 2};
         },
         malformed, "reg of memory", "three-word addresses"},
        {[](Virt& v) {
             v.root_cells = {0x40000000, 2};
         },
         malformed, "reg of memory", "cells * 4 wraps in 32 bits"},
        {[](Virt& v) {
             v.reservations.assign(17, {0x1000, 0x1000});
         },
         too_many, "memory reservations", "17 of them"},
        {[](Virt& v) {
             v.reservations = {{~u64{0}, 2}};
         },
         malformed, "memory reservation", "wraps"},
        {[](Virt& v) {
             v.reserved_memory = {0, 1};
         },
         malformed, "reg of reserved-memory", "short"},
        {[](Virt& v) { v.has_chosen = false; }, missing, "chosen", "no command line either"},
        {[](Virt& v) { v.initrd_end.clear(); }, malformed, "linux,initrd-end", "start alone"},
        {[](Virt& v) { v.initrd_end = {0x47ffffff}; }, malformed, "linux,initrd-end",
         "ends before it starts"},
        {[](Virt& v) {
             v.initrd_start = {1, 2, 3};
         },
         malformed, "linux,initrd-start", "three words"},
        {[](Virt& v) { v.initrd_start = {0x1000}; }, outside_memory, "linux,initrd-start",
         "in the flash"},
        {[](Virt& v) { v.initrd_end = {0x80000001}; }, outside_memory, "linux,initrd-start",
         "one byte past the end of memory"},
        {[](Virt& v) { v.layout_seed = {1}; }, malformed, "kaslr-seed", "32 bits"},
        {[](Virt& v) { v.controller = "arm,gic-400"; }, missing,
         "interrupt controller (GICv2 or GICv3)", "another kind"},
        {[](Virt& v) { v.controller_cells = {1}; }, malformed, "#interrupt-cells", "not a GIC's"},
        {[](Virt& v) { v.controller_ranges.resize(4); }, malformed,
         "reg of the interrupt controller", "no CPU interface"},
        {[](Virt& v) { v.stdout_path = {"/uart@0"}; }, missing, "console (PL011)", "no such node"},
        {[](Virt& v) { v.stdout_path = {"serial0"}; }, missing, "console (PL011)", "an alias"},
        {[](Virt& v) { v.stdout_path = {"/pl031@9010000"}; }, missing, "console (PL011)",
         "the clock as console"},
        {[](Virt& v) {
             v.stdout_path.clear();
             v.console_status = {"disabled"};
         },
         missing, "console (PL011)", "belongs to the secure side"},
        {[](Virt& v) { v.console.clear(); }, malformed, "reg of the console", "no registers"},
        {[](Virt& v) {
             v.console_interrupt = {shared, 988, 4};
         },
         malformed, "interrupts of the console", "1020 is no interrupt"},
        {[](Virt& v) {
             v.console_interrupt = {2, 1, 4};
         },
         malformed, "interrupts of the console", "neither shared nor private"},
        {[](Virt& v) { v.wall_clock.clear(); }, malformed, "reg of the wall clock", "no registers"},
        {[](Virt& v) { v.timer.resize(8); }, malformed, "interrupts of the timer",
         "the virtual timer's is cut"},
        {[](Virt& v) { v.timer[7] = 16; }, malformed, "interrupts of the timer", "32 is shared"},
        {[](Virt& v) { v.firmware = {"arm,psci"}; }, missing, "firmware (PSCI 0.2 or later)",
         "0.1 has other numbers"},
        {[](Virt& v) { v.method = "svc"; }, malformed, "method of the firmware", "no such call"},
    };
    for (Row const& row : rows) {
        Virt machine;
        row.change(machine);
        Reading const reading(machine);
        ASSERT_FALSE(reading.board) << row.reason;
        EXPECT_EQ(reading.board.error().error, row.error) << row.reason;
        EXPECT_STREQ(reading.board.error().what, row.what) << row.reason;
    }
}

TEST(Board, the_console_and_the_way_to_switch_off_are_found_when_the_rest_is_broken) {
    Virt machine;
    machine.memory.clear();
    auto const bytes = machine.build();
    DeviceTree const tree = open_device_tree(as_bytes(bytes)).value();
    EXPECT_FALSE(read_board(tree));
    EXPECT_EQ(find_console(tree).value().base, 0x09000000u);
    EXPECT_EQ(find_firmware_call(tree).value(), FirmwareCall::hypervisor);
}

}  // namespace
}  // namespace vdsokit::machine
