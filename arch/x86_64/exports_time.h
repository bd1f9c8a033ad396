// SPDX-License-Identifier: BSD-2-Clause
// The names of vdso/time.cc: see exports.h.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

extern "C" {
[[gnu::visibility("default")]] i64 time(i64* out) noexcept asm("__vdso_time");
[[gnu::visibility("default"), gnu::weak, gnu::alias("__vdso_time")]] i64 bare_time(
    i64* out) noexcept asm("time");
}

}  // namespace vdsokit::vdso
