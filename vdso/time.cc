// SPDX-License-Identifier: BSD-2-Clause
// time(2) over the time page: the seconds of CLOCK_REALTIME_COARSE, like Linux's. Where the host
// ticks, that clock is held and one word answers; where it does not, it runs from the counter.
#include "exports_time.h"
#include "system_call.h"

#include "abi/shared.h"
#include "vdso/read_clock.h"
#include "vdso/time_page.h"

namespace vdsokit::vdso {
namespace {

constexpr u32 coarse = static_cast<u32>(abi::ClockId::realtime_coarse);

[[gnu::noinline, gnu::cold]] i64 patient_time(i64* out) {
    Reading reading;
    if (!read_patiently(time_page.clocks[coarse], coarse, nanoseconds, reading))
        return arch::system_call(arch::call::time, reinterpret_cast<u64>(out), 0);
    if (out != nullptr) *out = reading.seconds;
    return reading.seconds;
}

}  // namespace

i64 time(i64* out) noexcept {
    abi::ClockLine const& line = time_page.clocks[coarse];
    if (abi::load_shared(line.state) != abi::state_of(abi::ClockMode::held)) [[unlikely]]
        return patient_time(out);
    // One word stands alone: whichever of two publishes it is from, it was right a moment ago.
    i64 const seconds = abi::load_shared(line.base_seconds);
    if (out != nullptr) *out = seconds;
    return seconds;
}

}  // namespace vdsokit::vdso
