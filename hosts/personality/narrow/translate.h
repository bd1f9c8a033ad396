// SPDX-License-Identifier: BSD-2-Clause
// System calls of 32-bit programs, answered by the 64-bit ones.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

// After add_calls() of all generic ones: makes a row for each of arm's.
void add_narrow_calls();

// As find_call(), by a 32-bit program's number.
SystemCallRow const* find_narrow_call(u64 number);
// Where Process::counts counts it. Process::counted_calls: nowhere.
u64 narrow_count_index(u64 number);
// The number back from that.
u64 narrow_number_at(u64 index);

}  // namespace vdsokit::personality
