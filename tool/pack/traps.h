// SPDX-License-Identifier: BSD-2-Clause
// Where an image enters the kernel.
#pragma once

#include <vector>

#include "tool/pack/linked_image.h"

namespace vdsokit::pack {

// Offsets of the trap instructions, ascending, from the section that their assembly fills. Each is
// compared with the code there, and where instructions have a fixed width the whole code is
// searched for one that is not listed.
Check find_traps(LinkedImage const& image, std::vector<u32>& traps);

}  // namespace vdsokit::pack
