// SPDX-License-Identifier: BSD-2-Clause
// Builds the smallest image that keeps every rule, for any machine that has a row of facts.
#pragma once

#include <vector>

#include "kit/image/elf.h"
#include "kit/image/machines.h"

namespace vdsokit::test {

namespace elf = kit::elf;

// The exports that the machine's row names, each 16 bytes of no code in particular; the first two
// enter the kernel. Room is left for a few more program headers and dynamic entries.
std::vector<u8> build_image(kit::MachineFacts const& facts, u32 page_size);

}  // namespace vdsokit::test
