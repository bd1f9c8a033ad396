// SPDX-License-Identifier: BSD-2-Clause
// A kernel for unit tests: remembers the calls that were made and answers what the test says.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

namespace call {
inline constexpr u64 clock_gettime = 1;
inline constexpr u64 clock_getres = 2;
inline constexpr u64 gettimeofday = 3;
inline constexpr u64 getrandom = 4;
}  // namespace call

struct FakeKernel {
    u64 calls = 0;   // how many were made
    u64 number = 0;  // the last one, and its arguments
    u64 first = 0;
    u64 second = 0;
    u64 third = 0;             // of a call that has so many
    i64 answer = 0;            // what every call returns
    i64 (*serve)() = nullptr;  // instead of `answer`: runs inside the call
};
inline FakeKernel fake_kernel;

inline i64 system_call(u64 number, u64 first, u64 second) {
    fake_kernel.calls += 1;
    fake_kernel.number = number;
    fake_kernel.first = first;
    fake_kernel.second = second;
    return fake_kernel.serve != nullptr ? fake_kernel.serve() : fake_kernel.answer;
}

inline i64 system_call(u64 number, u64 first, u64 second, u64 third) {
    fake_kernel.third = third;
    return system_call(number, first, second);
}

}  // namespace vdsokit::arch
