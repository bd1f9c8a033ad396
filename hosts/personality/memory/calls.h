// SPDX-License-Identifier: BSD-2-Clause
// The system calls of this folder, for process/'s table.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

extern SystemCallRow const memory_calls[];
extern u64 const memory_call_count;

// map_calls.cc
Outcome mmap(Call& call);
Outcome munmap(Call& call);
Outcome mprotect(Call& call);
Outcome mremap(Call& call);
Outcome brk(Call& call);
// range_calls.cc
Outcome msync(Call& call);
Outcome mlock(Call& call);
Outcome mlock2(Call& call);
Outcome munlock(Call& call);
Outcome mlockall(Call& call);
Outcome mincore(Call& call);
Outcome madvise(Call& call);
// exec_calls.cc
Outcome execve(Call& call);
Outcome execveat(Call& call);

}  // namespace vdsokit::personality
