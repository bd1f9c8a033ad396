// SPDX-License-Identifier: BSD-2-Clause
// libsel4 from the install prefix, and what this host asks of the kernel's configuration.
#pragma once

extern "C" {
#include <sel4/sel4.h>
}

#include "arch/types.h"

#ifdef CONFIG_KERNEL_MCS
#error "SEL4_PREFIX: configured with KernelIsMCS; hosts/sel4 needs it off"
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#error "SEL4_PREFIX: configured with KernelArmHypervisorSupport; hosts/sel4 needs it off"
#endif
#if !defined(CONFIG_EXPORT_VCNT_USER) && !defined(CONFIG_EXPORT_PCNT_USER)
#error "SEL4_PREFIX: configured without KernelArmExportVCNTUser and KernelArmExportPCNTUser"
#endif

namespace vdsokit::sel4 {

// The counter that programs and the root task may read.
#ifdef CONFIG_EXPORT_VCNT_USER
inline constexpr CounterKind user_counter = CounterKind::virtual_count;
#else
inline constexpr CounterKind user_counter = CounterKind::physical_count;
#endif

#ifdef CONFIG_EXPORT_PTMR_USER
inline constexpr bool has_user_timer = true;
#else
inline constexpr bool has_user_timer = false;
#endif

}  // namespace vdsokit::sel4
