// SPDX-License-Identifier: BSD-2-Clause
// The calls of 32-bit programs that no 64-bit one answers, and what they have for signals.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

extern SystemCallRow const narrow_calls[];
extern u64 const narrow_call_count;

}  // namespace vdsokit::personality
