// SPDX-License-Identifier: BSD-2-Clause
// Mutates ELF files of either class so that they stay ELF files: the identification and the sizes
// of headers are kept right; a field of a header, a segment, a section, a dynamic entry, a symbol, a
// version, a hash table, a note or the time page gets a value that another rule then has to catch.
#pragma once

#include <cstddef>

#include "arch/types.h"

namespace vdsokit::fuzz {

// As fuzz::Mutate. What is no ELF file becomes one.
std::size_t mutate_elf(u8* data, std::size_t size, std::size_t capacity, u32 seed);

}  // namespace vdsokit::fuzz
