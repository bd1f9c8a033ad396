// SPDX-License-Identifier: BSD-2-Clause
// The names of vdso/getcpu.cc: see exports.h.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

extern "C" {
[[gnu::visibility("default")]] i32 getcpu(u32* cpu, u32* node, void* unused) asm("__vdso_getcpu");
[[gnu::visibility("default"), gnu::weak, gnu::alias("__vdso_getcpu")]] i32 bare_getcpu(
    u32* cpu, u32* node, void* unused) asm("getcpu");
}

}  // namespace vdsokit::vdso
