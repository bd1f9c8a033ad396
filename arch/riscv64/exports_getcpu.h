// SPDX-License-Identifier: BSD-2-Clause
// The name of vdso/getcpu.cc: see exports.h.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

extern "C" {
[[gnu::visibility("default")]] i32 getcpu(u32* cpu, u32* node, void* unused) asm("__vdso_getcpu");
}

}  // namespace vdsokit::vdso
