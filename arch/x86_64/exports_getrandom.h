// SPDX-License-Identifier: BSD-2-Clause
// The names of vdso/getrandom.cc: see exports.h.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

extern "C" {
[[gnu::visibility("default")]] i64 getrandom(void* buffer, u64 size, u32 flags, void* state,
                                             u64 state_bytes) asm("__vdso_getrandom");
[[gnu::visibility("default"), gnu::weak, gnu::alias("__vdso_getrandom")]] i64 bare_getrandom(
    void* buffer, u64 size, u32 flags, void* state, u64 state_bytes) asm("getrandom");
}

}  // namespace vdsokit::vdso
