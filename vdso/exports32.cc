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

enum class Shape : u32 { timespec64, timespec32, timeval };

struct Place {
    void* address;
    Shape shape;
};

[[gnu::always_inline]] inline u32 units_of_second(Place place) {
    return place.shape == Shape::timeval ? microseconds : nanoseconds;
}

// Timespec32 and Timeval are two words alike.
static_assert(sizeof(Timespec32) == 8 && sizeof(Timeval) == 8);
[[gnu::always_inline]] inline i32 answer(Reading reading, Place place) {
    if (place.shape == Shape::timespec64) [[likely]]
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

// Precondition: clock < abi::clock_lines. Whoever calls this has judged it, and so has the length that
// those who patch exported functions need.
[[gnu::noinline]] i32 read_time(u32 clock, void* address, Shape shape) {
    if (clock >= abi::clock_lines) __builtin_unreachable();
    return read_clock_gettime(time_page, clock, Place{address, shape});
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
