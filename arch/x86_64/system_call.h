// SPDX-License-Identifier: BSD-2-Clause
// x86_64: the system calls that the image makes. The number is in rax, the arguments in rdi, rsi
// and rdx, the answer in rax; rcx and r11 are lost. [System V ABI, AMD64 supplement, A.2.1]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

namespace call {
inline constexpr u64 clock_gettime = 228;
inline constexpr u64 clock_getres = 229;
inline constexpr u64 gettimeofday = 96;
inline constexpr u64 time = 201;
inline constexpr u64 getcpu = 309;
inline constexpr u64 getrandom = 318;
}  // namespace call

[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second) {
    u64 answer = number;
    asm volatile(
        "1:\tsyscall\n"
        "\t.pushsection .vdsokit.traps, \"\", @progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+a"(answer)
        : "D"(first), "S"(second)
        : "rcx", "r11", "memory");
    return static_cast<i64>(answer);
}

[[gnu::always_inline]] inline i64 system_call(u64 number, u64 first, u64 second, u64 third) {
    u64 answer = number;
    asm volatile(
        "1:\tsyscall\n"
        "\t.pushsection .vdsokit.traps, \"\", @progbits\n"
        "\t.4byte 1b\n"
        "\t.popsection"
        : "+a"(answer)
        : "D"(first), "S"(second), "d"(third)
        : "rcx", "r11", "memory");
    return static_cast<i64>(answer);
}

}  // namespace vdsokit::arch
