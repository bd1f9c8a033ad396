// SPDX-License-Identifier: BSD-2-Clause
// For CPUs that tell no user program which of them it runs on: what x86_64/cpu_number.h and
// x86_64/linux_cpu_source.h have.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr bool has_cpu_register = false;
inline constexpr bool has_cpu_segment = false;
inline u32 cpu_register() { return 0; }
inline u32 cpu_segment() { return 0; }
inline bool may_read_cpu_register() { return false; }

}  // namespace vdsokit::arch
