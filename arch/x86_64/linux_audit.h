// SPDX-License-Identifier: BSD-2-Clause
// The architecture number that seccomp shows a filter. [Linux include/uapi/linux/audit.h]
#pragma once

#include <linux/audit.h>

#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr u32 audit_architecture = AUDIT_ARCH_X86_64;

}  // namespace vdsokit::arch
