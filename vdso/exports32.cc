// SPDX-License-Identifier: BSD-2-Clause
// The exported functions of a 32-bit process, which has two structures for a time. One copy of the
// reader serves all, told at run time what to fill: a copy for each would not fit one page of code.
// Names are the CPU's: exports.h.
#include "exports.h"

#include "vdso/clock_getres.h"
#include "vdso/clock_gettime.h"
#include "vdso/gettimeofday.h"
#include "vdso/time_page.h"

namespace vdsokit::vdso {
namespace {

// Units a second, and whether the seconds have 64 bits: what is needed of a structure, in one register.
constexpr u32 is_wide = u32{1} << 31;
enum class Shape : u32 {
    timespec64 = nanoseconds | is_wide,
    timespec32 = nanoseconds,
    timeval = microseconds,
};

struct Place {
    void* address;
    Shape shape;
};

[[gnu::always_inline]] inline u32 units_of_second(Place place) {
    return static_cast<u32>(place.shape) & ~is_wide;
}

// Timespec32 and Timeval are two words alike.
static_assert(sizeof(Timespec32) == 8 && sizeof(Timeval) == 8);
[[gnu::always_inline]] inline i32 answer(Reading reading, Place place) {
    if ((static_cast<u32>(place.shape) & is_wide) != 0) [[likely]]
        return answer(reading, static_cast<Timespec*>(place.address));
    *static_cast<Timespec32*>(place.address) = {static_cast<i32>(reading.seconds),
                                                static_cast<i32>(reading.part)};
    return 0;
}

// Each function falls back to the call that fills what it was asked to fill.
[[gnu::noinline, gnu::cold]] i32 call_clock_gettime(u32 clock, Place place) {
    switch (place.shape) {
    case Shape::timespec64: return call_clock_gettime(clock, static_cast<Timespec*>(place.address));
    case Shape::timespec32:
        return static_cast<i32>(arch::system_call(arch::call::clock_gettime32, clock,
                                                  reinterpret_cast<u64>(place.address)));
    case Shape::timeval: return call_gettimeofday(static_cast<Timeval*>(place.address), nullptr);
    }
    __builtin_unreachable();
}

i32 answer_resolution(u32 nanoseconds, Place place) {
    if (place.address == nullptr) return 0;
    return answer(Reading{0, nanoseconds}, place);
}

i32 call_clock_getres(u32 clock, Place place) {
    u64 const number =
        place.shape == Shape::timespec32 ? arch::call::clock_getres32 : arch::call::clock_getres;
    return static_cast<i32>(arch::system_call(number, clock, reinterpret_cast<u64>(place.address)));
}

// What follows has a register for each argument. `line` is what arch::behind() gives for its state
// word, whose halves are `state` and, made even, `sequence`.
[[gnu::noinline, gnu::cold]] i32 other_time(abi::ClockLine const* line, u32 state, void* address,
                                            Shape shape) {
    u32 const clock = static_cast<u32>(line - arch::pin(time_page.clocks));
    if (!abi::is_published(state)) return call_clock_gettime(clock, Place{address, shape});
    return patient_clock_gettime(clock, Place{address, shape}, *line);
}

constexpr u64 joined(u32 sequence, abi::ClockMode mode) {
    return u64{sequence} << 32 | abi::state_of(mode);
}

[[gnu::noinline]] i32 counter_time(abi::ClockLine const* line, u32 sequence, void* address,
                                   Shape shape) {
    Place const place{address, shape};
    abi::Instant now;
    if (!try_counter(*line, joined(sequence, abi::ClockMode::counter), now)) [[unlikely]]
        return other_time(line, abi::state_of(abi::ClockMode::counter), address, shape);
    return answer(reading_of(now, units_of_second(place)), place);
}

[[gnu::noinline]] i32 held_time(abi::ClockLine const* line, u32 sequence, void* address,
                                Shape shape) {
    Place const place{address, shape};
    abi::Instant base;
    if (!try_base(*line, joined(sequence, abi::ClockMode::held), base)) [[unlikely]]
        return other_time(line, abi::state_of(abi::ClockMode::held), address, shape);
    return answer(reading_of(base, units_of_second(place)), place);
}

// Precondition: clock < abi::clock_lines. The state is judged before a register is saved; whoever
// reads the line is then jumped to.
[[gnu::always_inline]] inline i32 read_time(u32 clock, void* address, Shape shape) {
    abi::ClockLine const& line = *arch::pin(arch::pin(time_page.clocks) + clock);
    u64 const word = arch::load_acquire(abi::state_word(line));
    abi::ClockLine const* const fields = arch::behind(word, &line);
    u32 const state = static_cast<u32>(word);
    u32 const sequence = static_cast<u32>(abi::with_even_count(word) >> 32);
    if (state == abi::state_of(abi::ClockMode::counter)) [[likely]]
        return counter_time(fields, sequence, address, shape);
    if (state == abi::state_of(abi::ClockMode::held))
        return held_time(fields, sequence, address, shape);
    return other_time(fields, state, address, shape);
}

[[gnu::noinline]] i32 read_resolution(u32 clock, void* address, Shape shape) {
    if (clock >= abi::clock_lines) __builtin_unreachable();
    return read_clock_getres(time_page, clock, Place{address, shape});
}

}  // namespace

i32 clock_gettime(u32 clock, Timespec* time) {
    if (clock >= abi::clock_lines) [[unlikely]]
        return call_clock_gettime(clock, time);
    return read_time(clock, time, Shape::timespec64);
}

i32 clock_gettime32(u32 clock, Timespec32* time) {
    if (clock >= abi::clock_lines) [[unlikely]]
        return call_clock_gettime(clock, Place{time, Shape::timespec32});
    return read_time(clock, time, Shape::timespec32);
}

i32 gettimeofday(Timeval* time, Timezone* zone) {
    if (time == nullptr || zone != nullptr) [[unlikely]]
        return patient_gettimeofday(time, zone, time_page);
    return read_time(static_cast<u32>(abi::ClockId::realtime), time, Shape::timeval);
}

i32 clock_getres(u32 clock, Timespec* resolution) {
    if (clock >= abi::clock_lines) [[unlikely]]
        return call_clock_getres(clock, resolution);
    return read_resolution(clock, resolution, Shape::timespec64);
}

i32 clock_getres32(u32 clock, Timespec32* resolution) {
    if (clock >= abi::clock_lines) [[unlikely]]
        return call_clock_getres(clock, Place{resolution, Shape::timespec32});
    return read_resolution(clock, resolution, Shape::timespec32);
}

}  // namespace vdsokit::vdso
