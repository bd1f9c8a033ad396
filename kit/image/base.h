// SPDX-License-Identifier: BSD-2-Clause
// Where to map an image in a process: at a fixed address, or at a random one (ASLR).
#pragma once

#include "kit/core/memory.h"

namespace vdsokit::kit {

// Where a host lets the image be: [first, first + size).
struct BaseRange {
    VirtualAddress first;
    u64 size;
};

// One of the multiples of `alignment` (a power of two) at which `size` bytes fit into the range,
// each as likely as the next. `entropy` is the caller's: 64 random bits, new for each process.
// Always the lowest for entropy 0. Error: out_of_range, they fit nowhere.
[[nodiscard]] Result<VirtualAddress, MapError> choose_base(BaseRange range, u64 size, u64 alignment,
                                                           u64 entropy);

}  // namespace vdsokit::kit
