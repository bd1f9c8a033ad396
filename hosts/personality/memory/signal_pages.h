// SPDX-License-Identifier: BSD-2-Clause
// Pages of the host's own code in processes: one frame each for all of them, made when the first
// process needs it.
#pragma once

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

// Where a handler without a restorer returns to, if no vDSO says so.
Attempt<Nothing> map_signal_page(Memory& memory, VirtualAddress& signal_return);

// At its fixed address above a 32-bit process: what programs for CPUs older than ARMv7 call.
Attempt<Nothing> map_helper_page(Memory& memory);

}  // namespace vdsokit::personality
