// SPDX-License-Identifier: BSD-2-Clause
// Process and thread ids: one space of numbers, found by hashing.
#pragma once

#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// As Linux has it on 64-bit machines.
inline constexpr i32 id_limit = 4'194'304;

// A number that no thread, process, group or session bears. 0: there is none.
i32 choose_id();
void add_thread_id(Thread& thread);
void add_process_id(Process& process);
void remove_process_id(Process& process);

}  // namespace vdsokit::personality
