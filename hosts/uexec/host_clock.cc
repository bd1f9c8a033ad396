// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/host_clock.h"

#include "abi/conversion.h"

namespace vdsokit::uexec {

i64 nanoseconds_of(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return i64{now.tv_sec} * i64{abi::nanoseconds_per_second} + now.tv_nsec;
}

kit::Timespec timespec_of_nanoseconds(i64 nanoseconds) {
    constexpr i64 second = abi::nanoseconds_per_second;
    i64 const seconds = nanoseconds / second - (nanoseconds % second < 0 ? 1 : 0);
    return {seconds, static_cast<u32>(nanoseconds - seconds * second)};
}

}  // namespace vdsokit::uexec
