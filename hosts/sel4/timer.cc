// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/timer.h"

#include "cpu.h"

#include "hosts/machine/random.h"
#include "hosts/personality/outcome.h"
#include "hosts/personality/personality.h"
#include "hosts/sel4/objects/arrivals.h"
#include "hosts/sel4/panic.h"
#include "hosts/sel4/scheduler.h"

namespace vdsokit::sel4 {
namespace {

using abi::nanoseconds_per_second;

constexpr u64 data_register = 0;  // PL031: seconds since 1970
constexpr u64 tick_nanoseconds = nanoseconds_per_second / ticks_per_second;
constexpr u64 longest_sleep = nanoseconds_per_second;

constinit kit::Timekeeper timekeeper;
constinit u64 tick_cycles = 0;
constinit u64 next_tick = 0;                       // counter
constinit u64 wake_at = personality::no_deadline;  // ns of CLOCK_MONOTONIC
constinit InterruptCap interrupt_cap;

u64 counter() { return arch::read_counter(user_counter).value; }

u64 monotonic() {
    auto const now = timekeeper.read(abi::ClockId::monotonic);
    if (!now) panic("the clocks have not started");
    return static_cast<u64>(now.value().seconds) * nanoseconds_per_second + now.value().nanoseconds;
}

// The physical timer: CNTP_TVAL_EL0 counts down from here; CNTP_CTL_EL0: enabled, not masked.
void start_countdown(u64 cycles) {
    asm volatile("msr cntp_tval_el0, %0\n\tmsr cntp_ctl_el0, %1\n\tisb"
                 :
                 : "r"(cycles), "r"(u64{1})
                 : "memory");
}
void stop_countdown() { asm volatile("msr cntp_ctl_el0, %0\n\tisb" : : "r"(u64{0}) : "memory"); }

}  // namespace

void start_timer(machine::DeviceRegisters wall_clock, u64 interrupt) {
    u64 const frequency = arch::counter_frequency();
    kit::TimekeeperStart const start{
        .clocksource = {.frequency = frequency, .counter_bits = 64, .kind = user_counter},
        .realtime = {static_cast<i64>(wall_clock.read(data_register)), 0},
        .tick = {tick_nanoseconds},
    };
    if (!timekeeper.start(start)) stop("the counter's frequency or the wall clock makes no sense");
    tick_cycles = frequency / ticks_per_second;
    next_tick = counter() + tick_cycles;
    if constexpr (has_user_timer) {
        stop_countdown();
        interrupt_cap = take_interrupt(interrupt, Event::timer);
    }
}

void check_time() {
    u64 const now = counter();
    if (now >= next_tick) {
        timekeeper.tick();
        scheduler.queue().pass_on();
        machine::stir_random(monotonic() / nanoseconds_per_second);
        // Ticks that were missed are not made up for, but the later ones stay in step.
        next_tick += (now - next_tick) / tick_cycles * tick_cycles + tick_cycles;
    }
    if (wake_at == personality::no_deadline || wake_at > monotonic()) return;
    wake_at = personality::no_deadline;
    personality::on_timer();
}

void arm_timer() {
    u64 wait = longest_sleep;
    if (wake_at != personality::no_deadline) {
        u64 const now = monotonic();
        u64 const until = wake_at > now ? wake_at - now : 0;
        if (until < wait) wait = until;
    }
    // Rounded up: too early would be in vain.
    start_countdown(wait * arch::counter_frequency() / nanoseconds_per_second + 1);
}

void on_timer_interrupt() {
    if constexpr (!has_user_timer) return;
    stop_countdown();
    finish_interrupt(interrupt_cap);
}

}  // namespace vdsokit::sel4

namespace vdsokit::host {

kit::Timekeeper& timekeeper() { return sel4::timekeeper; }
void set_timer(u64 nanoseconds) { sel4::wake_at = nanoseconds; }

}  // namespace vdsokit::host
