// SPDX-License-Identifier: BSD-2-Clause
// Whether this CPU has the instruction that vdso/getcpu.cc would use. [Intel SDM 2A, CPUID]
#pragma once

#include <cpuid.h>

#include "arch/types.h"

namespace vdsokit::arch {

// RDPID: leaf 7, ecx bit 22.
inline bool may_read_cpu_register() {
    u32 a = 0;
    u32 b = 0;
    u32 c = 0;
    u32 d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (c >> 22 & 1) != 0;
}

}  // namespace vdsokit::arch
