// SPDX-License-Identifier: BSD-2-Clause
// The address space in which the loader works and the kernel starts: the first 2 GiB at their own
// addresses, and the kernel's block where it is linked. [Arm DDI 0487, D8.3; seL4
// src/arch/arm/64/kernel/vspace.c, mair_types]
#pragma once

#include "arch/types.h"

namespace vdsokit::sel4 {

// MMU and caches on. `kernel_virtual` and `kernel_physical`: of the kernel's first byte.
void turn_on_mapping(u64 kernel_virtual, u64 kernel_physical);

}  // namespace vdsokit::sel4
