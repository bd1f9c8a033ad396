// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/interrupts.h"

#include "el1.h"

#include "hosts/machine/console.h"
#include "hosts/virt/device/gic.h"
#include "hosts/virt/memory/kernel_map.h"
#include "hosts/virt/panic.h"
#include "hosts/virt/timer.h"

namespace vdsokit::virt {
namespace {

constinit Gic gic;
constinit u32 console_interrupt = 0;
constinit u32 timer_interrupt = 0;

}  // namespace

void start_interrupts(machine::Board const& board) {
    gic.start(board.controller, map_device(board.distributor), map_device(board.cpu_interface),
              board.cpu_interface.size);
    console_interrupt = board.console_interrupt;
    timer_interrupt = board.timer_interrupt;
    gic.enable(timer_interrupt);
    gic.enable(console_interrupt);
}

void handle_interrupts() {
    for (;;) {
        u32 const interrupt = gic.acknowledge();
        if (interrupt == Gic::none) return;
        if (interrupt == timer_interrupt)
            on_timer_interrupt();
        else if (interrupt == console_interrupt)
            machine::on_console_interrupt();
        else
            panic("an interrupt that was not enabled");
        gic.finish(interrupt);
    }
}

void wait_and_handle_interrupts() {
    wait_for_interrupt();
    handle_interrupts();
}

}  // namespace vdsokit::virt
