// SPDX-License-Identifier: BSD-2-Clause
// x86_64: which CPU this is, as Linux leaves it for its own vDSO: node << 12 | cpu, in IA32_TSC_AUX
// and as the limit of a segment. [Linux arch/x86/include/asm/segment.h, vdso_read_cpunode()]
// User code cannot tell whether it is there; the page does (abi::CpuSource).
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr bool has_cpu_register = true;
inline constexpr bool has_cpu_segment = true;

[[gnu::always_inline]] inline u32 cpu_register() {
    u64 value;
    asm volatile("rdpid %0" : "=r"(value));
    return static_cast<u32>(value);
}

// 0 where there is no such segment.
[[gnu::always_inline]] inline u32 cpu_segment() {
    constexpr u32 selector = 15 * 8 + 3;
    u32 limit = 0;
    asm volatile("lsl %1, %0" : "+r"(limit) : "r"(selector) : "cc");
    return limit;
}

}  // namespace vdsokit::arch
