// SPDX-License-Identifier: BSD-2-Clause
// Addresses of a process as pointers of this one: here they are the same.
#pragma once

#include "arch/types.h"

namespace vdsokit::uexec {

inline void* pointer_to(u64 address) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the plan of an exec is made of numbers.
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
}

}  // namespace vdsokit::uexec
