// SPDX-License-Identifier: BSD-2-Clause
// clock_getres(2) over a time page. A null `resolution` is allowed for every clock that is known.
#pragma once

#include "cpu.h"
#include "system_call.h"

#include "abi/shared.h"
#include "abi/time_page.h"
#include "vdso/types.h"

namespace vdsokit::vdso {

[[gnu::noinline, gnu::cold]] inline i32 call_clock_getres(u32 clock, Timespec* resolution) {
    u64 const id = static_cast<u64>(i64{static_cast<i32>(clock)});  // as a C int is passed
    return static_cast<i32>(
        arch::system_call(arch::call::clock_getres, id, reinterpret_cast<u64>(resolution)));
}

[[gnu::always_inline]] inline i32 answer_resolution(u32 nanoseconds, Timespec* resolution) {
    if (resolution != nullptr) {
        resolution->seconds = 0;
        resolution->nanoseconds = nanoseconds;
    }
    return 0;
}

// ns; 0: the page does not say. Only the clocks that are answered from the page have a line in any
// mode but none, and that line vouches for the page.
[[gnu::always_inline]] inline u32 resolution_of(abi::TimePage const& page, u32 clock) {
    if (clock >= abi::clock_lines) return 0;
    abi::ClockLine const* const line = arch::pin(arch::pin(page.clocks) + clock);
    if (!abi::is_published(arch::load_half<offsetof(abi::ClockLine, state)>(line))) return 0;
    // The two lie side by side: no branch, of which no CPU knows which way it goes.
    static_assert(offsetof(abi::TimePageHeader, coarse_resolution) ==
                  offsetof(abi::TimePageHeader, resolution) + sizeof(u32));
    u32 const* const both = arch::pin(&page.header.resolution);
    return abi::load_shared(both[(abi::coarse_clocks >> clock) & 1]);
}

// `Out` as in clock_gettime.h: Timespec*, or what has answer_resolution() and call_clock_getres().
template <class Out>
[[gnu::always_inline]] inline i32 read_clock_getres(abi::TimePage const& page, u32 clock,
                                                    Out resolution) {
    u32 const nanoseconds = resolution_of(page, clock);
    if (nanoseconds == 0) [[unlikely]]
        return call_clock_getres(clock, resolution);
    return answer_resolution(nanoseconds, resolution);
}

}  // namespace vdsokit::vdso
