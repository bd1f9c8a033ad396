// SPDX-License-Identifier: BSD-2-Clause
// aarch64: the 32-bit programs that a host may run besides 64-bit ones are arm's.
// [Linux arch/arm64/include/asm/elf.h: COMPAT_*]
#pragma once

#include "arch/arm/helper_page.h"
#include "arch/arm/linux_calls.h"
#include "arch/arm/linux_process.h"
#include "arch/arm/linux_registers.h"
#include "arch/arm/linux_signal.h"
#include "arch/arm/linux_structures.h"

namespace vdsokit::arch {

namespace narrow = arm;

}  // namespace vdsokit::arch
