// SPDX-License-Identifier: BSD-2-Clause
// What the tests and counts of an image must know of its CPU; guest_cpu.h of each CPU's folder says
// it.
#pragma once

namespace vdsokit::test {

// The exported functions; nullptr: this CPU's image has none.
struct Names {
    char const* clock_gettime;
    char const* clock_getres;
    char const* gettimeofday;
    char const* clock_gettime32 = nullptr;
    char const* clock_getres32 = nullptr;
    char const* time = nullptr;
    char const* getcpu = nullptr;
    char const* rt_sigreturn = nullptr;
};

}  // namespace vdsokit::test
