// SPDX-License-Identifier: BSD-2-Clause
// The system calls of this folder, for the dispatcher's table.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

extern SystemCallRow const process_calls[];
extern u64 const process_call_count;

}  // namespace vdsokit::personality
