// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/timer.h"

#include "cpu.h"
#include "el1.h"

#include "hosts/machine/random.h"
#include "hosts/personality/outcome.h"
#include "hosts/personality/personality.h"
#include "hosts/virt/panic.h"
#include "hosts/virt/scheduler.h"

namespace vdsokit::virt {
namespace {

using abi::nanoseconds_per_second;

constexpr u64 tick_nanoseconds = nanoseconds_per_second / ticks_per_second;
constexpr u64 data_register = 0;  // PL031: seconds since 1970
constexpr u64 enabled = 1;        // CNTV_CTL_EL0.ENABLE, not masked

constinit kit::Timekeeper timekeeper;
constinit u64 tick_cycles = 0;
constinit u64 next_tick = 0;                       // counter
constinit u64 wake_at = personality::no_deadline;  // ns of CLOCK_MONOTONIC

u64 counter() { return arch::read_counter(CounterKind::virtual_count).value; }

u64 monotonic() {
    auto const now = timekeeper.read(abi::ClockId::monotonic);
    if (!now) panic("the clocks have not started");
    return static_cast<u64>(now.value().seconds) * nanoseconds_per_second + now.value().nanoseconds;
}

// Sets the timer for the tick, or the wake-up if that comes before it.
void arm() {
    u64 compare = next_tick;
    if (wake_at != personality::no_deadline) {
        u64 const now = monotonic();
        u64 const wait = wake_at > now ? wake_at - now : 0;
        // Beyond the tick it is looked at again. Rounded up: too early would be in vain.
        if (wait < tick_nanoseconds) {
            u64 const wake =
                counter() + wait * arch::counter_frequency() / nanoseconds_per_second + 1;
            if (wake < compare) compare = wake;
        }
    }
    write_timer_compare(compare);
}

}  // namespace

void start_timer(machine::DeviceRegisters wall_clock) {
    u64 const frequency = arch::counter_frequency();
    kit::TimekeeperStart const start{
        .clocksource = {.frequency = frequency, .counter_bits = 64},
        .realtime = {static_cast<i64>(wall_clock.read(data_register)), 0},
        .tick = {tick_nanoseconds},
    };
    // CNTFRQ_EL0 of 0 or nonsense ends here, as does a wall clock that cannot be.
    if (!timekeeper.start(start)) stop("the counter's frequency or the wall clock makes no sense");
    tick_cycles = frequency / ticks_per_second;
    next_tick = counter() + tick_cycles;
    arm();
    write_timer_control(enabled);
}

void on_timer_interrupt() {
    u64 const now = counter();
    if (now >= next_tick) {
        timekeeper.tick();
        machine::stir_random(monotonic() / nanoseconds_per_second);
        scheduler.queue().pass_on();
        // Ticks that were missed are not made up for, but the later ones stay in step.
        next_tick += (now - next_tick) / tick_cycles * tick_cycles + tick_cycles;
    }
    if (wake_at <= monotonic()) wake_at = personality::no_deadline;
    personality::on_timer();
    arm();
}

}  // namespace vdsokit::virt

namespace vdsokit::host {

kit::Timekeeper& timekeeper() { return virt::timekeeper; }

void set_timer(u64 nanoseconds) {
    virt::wake_at = nanoseconds;
    virt::arm();
}

}  // namespace vdsokit::host
