// SPDX-License-Identifier: BSD-2-Clause
// What the kernel needs to know about the machine, as its device tree tells it. Nothing is assumed:
// what is missing or makes no sense is named, and the kernel stops.
#pragma once

#include "arch/types.h"
#include "hosts/machine/device_tree.h"
#include "kit/core/bytes.h"
#include "kit/core/fixed_vector.h"
#include "kit/core/result.h"

namespace vdsokit::machine {

// Physical bytes [base, base + size).
struct Range {
    u64 base = 0;
    u64 size = 0;
    constexpr u64 end() const { return base + size; }
    friend constexpr bool operator==(Range, Range) = default;
};

enum class InterruptController : u8 { gic_v2, gic_v3 };
enum class FirmwareCall : u8 { hypervisor, secure_monitor };  // hvc, smc

struct Board {
    kit::FixedVector<Range, 8> memory;
    kit::FixedVector<Range, 16> reserved;  // /memreserve/, /reserved-memory: never to be used
    Range initrd;                          // size 0: none
    Range console;                         // PL011
    Range wall_clock;                      // PL031
    InterruptController controller;
    Range distributor;
    Range cpu_interface;    // GICv3: the redistributors
    u32 console_interrupt;  // INTID
    u32 timer_interrupt;    // of the virtual timer
    u32 physical_timer_interrupt;
    FirmwareCall firmware_call;
    kit::Bytes boot_arguments;  // without the NUL
    kit::Bytes random_seed;     // rng-seed; may be empty
    u64 layout_seed;            // kaslr-seed; 0 if there is none
};

enum class BoardError : u8 {
    missing,         // a node or a property that must be there is not
    malformed,       // a property has the wrong size or a value that makes no sense
    too_many,        // more ranges than the kernel has room for
    outside_memory,  // an address that must lie in memory does not
};

// `what` is the node or property by name.
struct BoardFault {
    BoardError error;
    char const* what;
};

char const* describe(BoardError error);

[[nodiscard]] kit::Result<Board, BoardFault> read_board(DeviceTree const& tree);
// The console and the way to switch off alone, so that a fault of the rest can be reported.
[[nodiscard]] kit::Result<Range, BoardFault> find_console(DeviceTree const& tree);
[[nodiscard]] kit::Result<FirmwareCall, BoardFault> find_firmware_call(DeviceTree const& tree);

}  // namespace vdsokit::machine
