// SPDX-License-Identifier: BSD-2-Clause
// aarch64: the system calls that the image makes, and how. The number is in x8, the arguments from
// x0, the answer in x0. [Linux include/uapi/asm-generic/unistd.h]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

namespace call {
inline constexpr u64 clock_gettime = 113;
inline constexpr u64 clock_getres = 114;
inline constexpr u64 gettimeofday = 169;
inline constexpr u64 getrandom = 278;
}  // namespace call

// Each copy of the svc lists its own address, so that a host can find and replace it.
[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second) {
    register u64 x8 asm("x8") = number;
    register u64 x0 asm("x0") = first;
    register u64 x1 asm("x1") = second;
    asm volatile(
        "1:\tsvc #0\n"
        "\t.pushsection .vdsokit.traps, \"\", %%progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+r"(x0)
        : "r"(x1), "r"(x8)
        : "memory");
    return static_cast<i64>(x0);
}

[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second, u64 third) {
    register u64 x8 asm("x8") = number;
    register u64 x0 asm("x0") = first;
    register u64 x1 asm("x1") = second;
    register u64 x2 asm("x2") = third;
    asm volatile(
        "1:\tsvc #0\n"
        "\t.pushsection .vdsokit.traps, \"\", %%progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+r"(x0)
        : "r"(x1), "r"(x2), "r"(x8)
        : "memory");
    return static_cast<i64>(x0);
}

}  // namespace vdsokit::arch
