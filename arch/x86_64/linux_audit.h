// SPDX-License-Identifier: BSD-2-Clause
// How seccomp shows the two exec calls to a filter: the numbers of each calling convention that a
// process of this machine can use. [Linux include/uapi/linux/audit.h; arch/x86/entry/syscalls]
#pragma once

#include <linux/audit.h>

#include "arch/types.h"

namespace vdsokit::arch {

struct ExecCall {
    u32 audit_architecture;
    u32 number;
    bool by_directory;  // execveat
};
inline constexpr u32 x32_bit = 0x4000'0000;
inline constexpr ExecCall exec_calls[] = {
    {AUDIT_ARCH_X86_64, 59, false},
    {AUDIT_ARCH_X86_64, 322, true},
    {AUDIT_ARCH_X86_64, x32_bit | 520, false},
    {AUDIT_ARCH_X86_64, x32_bit | 545, true},
    {AUDIT_ARCH_I386, 11, false},
    {AUDIT_ARCH_I386, 358, true},
};
inline constexpr u32 own_audit_architecture = AUDIT_ARCH_X86_64;

}  // namespace vdsokit::arch
