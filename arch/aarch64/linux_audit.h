// SPDX-License-Identifier: BSD-2-Clause
// How seccomp shows the two exec calls to a filter: the numbers of each calling convention that a
// process of this machine can use. [Linux include/uapi/linux/audit.h; arch/arm/tools/syscall.tbl]
#pragma once

#include <linux/audit.h>

#include "arch/types.h"

namespace vdsokit::arch {

struct ExecCall {
    u32 audit_architecture;
    u32 number;
    bool by_directory;  // execveat
};
inline constexpr ExecCall exec_calls[] = {
    {AUDIT_ARCH_AARCH64, 221, false},
    {AUDIT_ARCH_AARCH64, 281, true},
    {AUDIT_ARCH_ARM, 11, false},
    {AUDIT_ARCH_ARM, 387, true},
};
inline constexpr u32 own_audit_architecture = AUDIT_ARCH_AARCH64;

}  // namespace vdsokit::arch
