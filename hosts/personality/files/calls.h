// SPDX-License-Identifier: BSD-2-Clause
// The system calls of this folder, for process/'s table.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

extern SystemCallRow const file_calls[];
extern u64 const file_call_count;

}  // namespace vdsokit::personality
