// SPDX-License-Identifier: BSD-2-Clause
// The limits of names and paths [include/uapi/linux/limits.h, include/linux/namei.h].
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

inline constexpr u64 longest_name = 255;
inline constexpr u64 longest_path = 4096;  // with its NUL
inline constexpr u32 deepest_links = 40;   // symbolic links in one path

}  // namespace vdsokit::personality
