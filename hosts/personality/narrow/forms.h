// SPDX-License-Identifier: BSD-2-Clause
// Structures of 32-bit programs and what the generic calls have in their place.
#pragma once

#include "linux_narrow.h"

namespace vdsokit::personality {

// One structure, or one word of a row of them. Both functions get room of exactly these sizes, with
// zeros in `to`; nullptr: no call needs it.
struct Form {
    static constexpr u64 largest = 128;
    u64 narrow_size = 0;
    u64 wide_size = 0;
    void (*widen)(u8 const* from, u8* to) = nullptr;
    void (*narrow)(u8 const* from, u8* to) = nullptr;
};

// Of the shapes that are addresses of structures; for all others sizes 0.
Form form_of(arch::narrow::Shape shape);

// siginfo_t: siginfo_size bytes both ways.
void widen_info(u8 const* from, u8* to);
void narrow_info(u8 const* from, u8* to);

}  // namespace vdsokit::personality
