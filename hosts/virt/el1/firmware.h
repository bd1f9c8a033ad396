// SPDX-License-Identifier: BSD-2-Clause
// Calls into firmware without arguments. [Arm DEN0028, SMC Calling Convention]
#pragma once

#include "arch/types.h"

namespace vdsokit::virt {

[[gnu::always_inline]] inline void call_hypervisor(u64 function) {
    register u64 x0 asm("x0") = function;
    asm volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}

[[gnu::always_inline]] inline void call_secure_monitor(u64 function) {
    register u64 x0 asm("x0") = function;
    asm volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}

}  // namespace vdsokit::virt
