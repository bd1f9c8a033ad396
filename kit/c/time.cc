// SPDX-License-Identifier: BSD-2-Clause
#include "kit/vdsokit.h"

#include <new>

#include "abi/time_page.h"
#include "kit/c/storage.h"
#include "kit/time/timekeeper.h"

namespace {

using namespace vdsokit;
using kit::TimeError;
using kit::Timekeeper;

static_assert(sizeof(Timekeeper) <= sizeof(vdsokit_timekeeper));
static_assert(alignof(Timekeeper) <= alignof(vdsokit_timekeeper));
static_assert(std::is_trivially_destructible_v<Timekeeper>);
static_assert(sizeof(vdsokit_timespec) == 16 && sizeof(vdsokit_clocksource) == 16 &&
              sizeof(vdsokit_time_start) == 56 && sizeof(vdsokit_deadline) == 16);

constexpr vdsokit_status status_of(TimeError error) {
    return static_cast<vdsokit_status>(error) + 1;
}
static_assert(status_of(TimeError::not_started) == vdsokit_time_not_started);
static_assert(status_of(TimeError::already_started) == vdsokit_time_already_started);
static_assert(status_of(TimeError::frequency_out_of_range) == vdsokit_time_frequency_out_of_range);
static_assert(status_of(TimeError::counter_bits_out_of_range) ==
              vdsokit_time_counter_bits_out_of_range);
static_assert(status_of(TimeError::counter_wraps_too_soon) == vdsokit_time_counter_wraps_too_soon);
static_assert(status_of(TimeError::no_such_counter) == vdsokit_time_no_such_counter);
static_assert(status_of(TimeError::nanoseconds_out_of_range) ==
              vdsokit_time_nanoseconds_out_of_range);
static_assert(status_of(TimeError::time_out_of_range) == vdsokit_time_out_of_range);
static_assert(status_of(TimeError::before_system_start) == vdsokit_time_before_system_start);
static_assert(status_of(TimeError::tick_out_of_range) == vdsokit_time_tick_out_of_range);
static_assert(status_of(TimeError::rate_out_of_range) == vdsokit_time_rate_out_of_range);
static_assert(status_of(TimeError::offset_out_of_range) == vdsokit_time_offset_out_of_range);
static_assert(status_of(TimeError::tai_offset_out_of_range) ==
              vdsokit_time_tai_offset_out_of_range);
static_assert(status_of(TimeError::timezone_out_of_range) == vdsokit_time_timezone_out_of_range);
static_assert(status_of(TimeError::unknown_clock) == vdsokit_time_unknown_clock);

static_assert(static_cast<u32>(CounterKind::virtual_count) == vdsokit_counter_virtual);
static_assert(static_cast<u32>(CounterKind::physical_count) == vdsokit_counter_physical);

Timekeeper& keeper_of(vdsokit_timekeeper* keeper) {
    return *std::launder(reinterpret_cast<Timekeeper*>(keeper->opaque));
}
Timekeeper const& keeper_of(vdsokit_timekeeper const* keeper) {
    return *std::launder(reinterpret_cast<Timekeeper const*>(keeper->opaque));
}

template <class T>
vdsokit_status status_of(kit::Result<T, TimeError> const& result) {
    return result ? vdsokit_status{vdsokit_ok} : status_of(result.error());
}

kit::Timespec from_c(vdsokit_timespec time) { return {time.seconds, time.nanoseconds}; }
kit::Clocksource from_c(vdsokit_clocksource source) {
    return {source.frequency, source.counter_bits, CounterKind{source.kind}};
}

}  // namespace

void vdsokit_timekeeper_init(vdsokit_timekeeper* keeper) { new (keeper->opaque) Timekeeper; }

vdsokit_status vdsokit_timekeeper_start(vdsokit_timekeeper* keeper,
                                        vdsokit_time_start const* with) {
    return status_of(keeper_of(keeper).start({.clocksource = from_c(with->clocksource),
                                              .realtime = from_c(with->realtime),
                                              .monotonic = from_c(with->monotonic),
                                              .tick = {with->tick_nanoseconds}}));
}

vdsokit_status vdsokit_timekeeper_attach(vdsokit_timekeeper* keeper, void* page) {
    bool const is_aligned = reinterpret_cast<std::uintptr_t>(page) % alignof(abi::TimePage) == 0;
    if (page == nullptr || !is_aligned) return vdsokit_time_bad_page;
    keeper_of(keeper).attach(*static_cast<abi::TimePage*>(page));
    return vdsokit_ok;
}

void vdsokit_time_namespace_init(vdsokit_time_namespace* group) {
    kit::store_in_c(group, kit::TimeNamespace{});
}

vdsokit_status vdsokit_time_namespace_open(vdsokit_timekeeper* keeper,
                                           vdsokit_time_namespace* group, void* page,
                                           vdsokit_timespec monotonic, vdsokit_timespec boottime) {
    bool const is_aligned = reinterpret_cast<std::uintptr_t>(page) % alignof(abi::TimePage) == 0;
    if (page == nullptr || !is_aligned) return vdsokit_time_bad_page;
    return status_of(keeper_of(keeper).open(
        kit::from_c<kit::TimeNamespace>(group), *static_cast<abi::TimePage*>(page),
        {.monotonic = from_c(monotonic), .boottime = from_c(boottime)}));
}

void vdsokit_time_namespace_close(vdsokit_timekeeper* keeper, vdsokit_time_namespace* group) {
    keeper_of(keeper).close(kit::from_c<kit::TimeNamespace>(group));
}

vdsokit_status vdsokit_time_namespace_read(vdsokit_timekeeper const* keeper,
                                           vdsokit_time_namespace const* group, uint32_t clock,
                                           vdsokit_timespec* out) {
    auto const time =
        keeper_of(keeper).read(abi::ClockId{clock}, kit::from_c<kit::TimeNamespace>(group));
    if (time) *out = {time.value().seconds, time.value().nanoseconds, 0};
    return status_of(time);
}

void vdsokit_timekeeper_publish(vdsokit_timekeeper* keeper) { keeper_of(keeper).publish(); }
void vdsokit_timekeeper_withdraw(vdsokit_timekeeper* keeper) { keeper_of(keeper).withdraw(); }

vdsokit_status vdsokit_timekeeper_read(vdsokit_timekeeper const* keeper, uint32_t clock,
                                       vdsokit_timespec* out) {
    auto const time = keeper_of(keeper).read(abi::ClockId{clock});
    if (time) *out = {time.value().seconds, time.value().nanoseconds, 0};
    return status_of(time);
}

vdsokit_status vdsokit_timekeeper_resolution(vdsokit_timekeeper const* keeper, uint32_t clock,
                                             uint64_t* out_nanoseconds) {
    auto const resolution = keeper_of(keeper).resolution(abi::ClockId{clock});
    if (resolution) *out_nanoseconds = resolution.value().value;
    return status_of(resolution);
}

vdsokit_status vdsokit_timekeeper_step_realtime(vdsokit_timekeeper* keeper, vdsokit_timespec to) {
    return status_of(keeper_of(keeper).step_realtime(from_c(to)));
}

vdsokit_status vdsokit_timekeeper_slew_frequency(vdsokit_timekeeper* keeper,
                                                 int32_t parts_per_billion) {
    return status_of(keeper_of(keeper).slew_frequency({parts_per_billion}));
}

int32_t vdsokit_timekeeper_frequency(vdsokit_timekeeper const* keeper) {
    return keeper_of(keeper).frequency().value;
}

vdsokit_status vdsokit_timekeeper_slew_offset(vdsokit_timekeeper* keeper, int64_t nanoseconds,
                                              int64_t* replaced) {
    auto const old = keeper_of(keeper).slew_offset({nanoseconds});
    if (old && replaced != nullptr) *replaced = old.value().value;
    return status_of(old);
}

int64_t vdsokit_timekeeper_remaining_offset(vdsokit_timekeeper const* keeper) {
    return keeper_of(keeper).remaining_offset().value;
}

vdsokit_status vdsokit_timekeeper_set_tai_offset(vdsokit_timekeeper* keeper, int32_t seconds) {
    return status_of(keeper_of(keeper).set_tai_offset(seconds));
}

int32_t vdsokit_timekeeper_tai_offset(vdsokit_timekeeper const* keeper) {
    return keeper_of(keeper).tai_offset();
}

vdsokit_status vdsokit_timekeeper_add_suspend(vdsokit_timekeeper* keeper, uint64_t nanoseconds) {
    return status_of(keeper_of(keeper).add_suspend({nanoseconds}));
}

vdsokit_status vdsokit_timekeeper_set_timezone(vdsokit_timekeeper* keeper, int32_t minutes_west,
                                               int32_t dst) {
    return status_of(keeper_of(keeper).set_timezone({minutes_west, dst}));
}

vdsokit_status vdsokit_timekeeper_change_clocksource(vdsokit_timekeeper* keeper,
                                                     vdsokit_clocksource source) {
    return status_of(keeper_of(keeper).change_clocksource(from_c(source)));
}

void vdsokit_timekeeper_tick(vdsokit_timekeeper* keeper) { keeper_of(keeper).tick(); }
void vdsokit_timekeeper_advance(vdsokit_timekeeper* keeper) { keeper_of(keeper).advance(); }

vdsokit_deadline vdsokit_timekeeper_next_update(vdsokit_timekeeper const* keeper) {
    kit::Deadline const next = keeper_of(keeper).next_update();
    return {next.counter.value, next.after.value};
}
