// SPDX-License-Identifier: BSD-2-Clause
// gettimeofday(2) over a time page. Either pointer may be null; when the page cannot answer both,
// one system call answers both.
#pragma once

#include "system_call.h"

#include "vdso/read_clock.h"
#include "vdso/types.h"

namespace vdsokit::vdso {

[[gnu::noinline, gnu::cold]] inline i32 call_gettimeofday(Timeval* time, Timezone* zone) {
    return static_cast<i32>(arch::system_call(arch::call::gettimeofday, reinterpret_cast<u64>(time),
                                              reinterpret_cast<u64>(zone)));
}

[[gnu::always_inline]] inline i32 answer(Reading reading, Timeval* time) {
    time->seconds = static_cast<long>(reading.seconds);
    time->microseconds = static_cast<long>(reading.part);
    return 0;
}

// The zone has no lock: each word stands alone, like Linux's.
[[gnu::always_inline]] inline i32 answer_zone(abi::TimePage const& page, Timezone* zone) {
    zone->minutes_west = abi::load_shared(page.header.timezone_minutes_west);
    zone->dst = abi::load_shared(page.header.timezone_dst);
    return 0;
}

// Whatever the fast path does not do: a zone, a clock in another mode, a line being written.
[[gnu::noinline, gnu::cold]] inline i32 patient_gettimeofday(Timeval* time, Timezone* zone,
                                                             abi::TimePage const& page) {
    // The line vouches for the page that the zone is taken from.
    bool const published = abi::is_published(abi::load_shared(page.clocks[0].state));
    bool const zoned = zone == nullptr || abi::load_shared(page.header.timezone_is_set) != 0;
    if (!published || !zoned) return call_gettimeofday(time, zone);
    if (time != nullptr) {
        Reading reading;
        if (!read_patiently(page.clocks[0], 0, microseconds, reading))
            return call_gettimeofday(time, zone);
        answer(reading, time);
    }
    return zone != nullptr ? answer_zone(page, zone) : 0;
}

[[gnu::always_inline]] inline i32 read_gettimeofday(abi::TimePage const& page, Timeval* time,
                                                    Timezone* zone) {
    static_assert(static_cast<u32>(abi::ClockId::realtime) == 0);
    if (time == nullptr || zone != nullptr) [[unlikely]]
        return patient_gettimeofday(time, zone, page);
    abi::ClockLine const& line = *arch::pin(page.clocks);
    Reading reading;
    if (try_counter(line, microseconds, reading)) [[likely]]
        return answer(reading, time);
    return patient_gettimeofday(time, zone, page);
}

}  // namespace vdsokit::vdso
