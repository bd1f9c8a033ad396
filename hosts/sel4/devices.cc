// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/devices.h"

#include "hosts/machine/console.h"
#include "hosts/sel4/boot_image.h"
#include "hosts/sel4/objects/arrivals.h"
#include "hosts/sel4/objects/own_space.h"
#include "hosts/sel4/panic.h"

namespace vdsokit::sel4 {
namespace {

// Below the window of frames, above the root task's image.
constexpr u64 window = u64{1} << 35;
constinit u64 mapped = 0;
constinit InterruptCap console_interrupt;

}  // namespace

u8* device(machine::Range range) {
    u64 const page = kit::align_down(range.base, page_bytes);
    u64 const at = window + mapped;
    if (!add_own_tables(at) || !map_device(page, at))
        stop("a device is not in the memory that the kernel gives");
    mapped += page_bytes;
    return reinterpret_cast<u8*>(at + (range.base - page));
}

void start_console_input(u64 interrupt) {
    console_interrupt = take_interrupt(interrupt, Event::console);
}

void on_console_interrupt() {
    machine::on_console_interrupt();
    finish_interrupt(console_interrupt);
}

}  // namespace vdsokit::sel4
