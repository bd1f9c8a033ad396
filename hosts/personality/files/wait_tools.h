// SPDX-License-Identifier: BSD-2-Clause
// What the calls that wait for several files share: a time to wait and a mask for that time.
#pragma once

#include "hosts/personality/files/call_tools.h"

namespace vdsokit::personality {

// Reads a struct timespec; false: EFAULT. `valid`: not negative, and below a second's nanoseconds.
[[nodiscard]] bool load_time(Call& call, VirtualAddress from, kit::Timespec& time, bool& valid);

// Puts the mask in force (address 0: none is given), EINVAL for another size than ours.
Outcome use_mask(Call& call, VirtualAddress mask, u64 size);

// Both: `timeout` is the address of a span, 0 for ever. The deadline is the first attempt's.
Outcome begin_wait(Call& call, VirtualAddress timeout, VirtualAddress mask, u64 mask_size,
                   u64& deadline);

// The deadline of a wait of `span` that begins with the call's first attempt.
u64 deadline_after(Call& call, u64 nanoseconds);

// The wait has come to its end, or was to be none at all.
bool is_over(Call& call, u64 deadline);

// The wait itself. A clock that is set runs it again too: one of the files may be a timer of it.
Outcome wait_for_files(Call& call, u64 deadline);

}  // namespace vdsokit::personality
