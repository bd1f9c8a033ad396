// SPDX-License-Identifier: BSD-2-Clause
// The name of vdso/getrandom.cc: see exports.h.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

extern "C" {
[[gnu::visibility("default")]] i64 getrandom(void* buffer, u64 size, u32 flags, void* state,
                                             u64 state_bytes) asm("__kernel_getrandom");
}

}  // namespace vdsokit::vdso
