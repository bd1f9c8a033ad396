// SPDX-License-Identifier: BSD-2-Clause
// riscv64: the system calls that the image makes, and how. The number is in a7, the arguments from
// a0, the answer in a0. [Linux include/uapi/asm-generic/unistd.h]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

namespace call {
inline constexpr u64 clock_gettime = 113;
inline constexpr u64 clock_getres = 114;
inline constexpr u64 gettimeofday = 169;
inline constexpr u64 getrandom = 278;
}  // namespace call

// Each copy of the ecall lists its own address, so that a host can find and replace it.
[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second) {
    register u64 a7 asm("a7") = number;
    register u64 a0 asm("a0") = first;
    register u64 a1 asm("a1") = second;
    asm volatile(
        "1:\tecall\n"
        "\t.pushsection .vdsokit.traps, \"\", @progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+r"(a0)
        : "r"(a1), "r"(a7)
        : "memory");
    return static_cast<i64>(a0);
}

[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second, u64 third) {
    register u64 a7 asm("a7") = number;
    register u64 a0 asm("a0") = first;
    register u64 a1 asm("a1") = second;
    register u64 a2 asm("a2") = third;
    asm volatile(
        "1:\tecall\n"
        "\t.pushsection .vdsokit.traps, \"\", @progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+r"(a0)
        : "r"(a1), "r"(a2), "r"(a7)
        : "memory");
    return static_cast<i64>(a0);
}

}  // namespace vdsokit::arch
