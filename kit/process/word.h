// SPDX-License-Identifier: BSD-2-Clause
// How a process of 32 or 64 bits writes an address or a number in memory. Little-endian.
#pragma once

#include "kit/image/elf.h"

namespace vdsokit::kit {

constexpr u64 word_size(u8 file_class) { return file_class == elf::file_class::bits32 ? 4 : 8; }

// Stores the value's low bytes; returns how many. `to` has room for 8.
constexpr u64 put_word(u8* to, u64 value, u8 file_class) {
    u64 const size = word_size(file_class);
    for (u64 at = 0; at < size; ++at) to[at] = static_cast<u8>(value >> (8 * at));
    return size;
}

}  // namespace vdsokit::kit
