// SPDX-License-Identifier: BSD-2-Clause
// 32-bit Arm, EABI: the system calls that the image makes, and how. The number is in r7, the
// arguments from r0, the answer in r0. [Linux arch/arm/tools/syscall.tbl]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

namespace call {
inline constexpr u64 clock_gettime = 403;  // clock_gettime64
inline constexpr u64 clock_getres = 406;   // clock_getres_time64
inline constexpr u64 gettimeofday = 78;
inline constexpr u64 clock_gettime32 = 263;
inline constexpr u64 clock_getres32 = 264;
}  // namespace call

// Registers hold the low half of each number. Each copy of the svc lists its own address, so that a
// host can find and replace it.
[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second) {
    register u32 r7 asm("r7") = static_cast<u32>(number);
    register u32 r0 asm("r0") = static_cast<u32>(first);
    register u32 r1 asm("r1") = static_cast<u32>(second);
    asm volatile(
        "1:\tsvc #0\n"
        "\t.pushsection .vdsokit.traps, \"\", %%progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+r"(r0)
        : "r"(r1), "r"(r7)
        : "memory");
    return static_cast<i32>(r0);
}

}  // namespace vdsokit::arch
