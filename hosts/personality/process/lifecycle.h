// SPDX-License-Identifier: BSD-2-Clause
// Making threads and processes and taking them away.
//
// What ends while its own trap is handled is not freed before the next event: the host still stands
// on that thread's registers and page tables.
#pragma once

#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// nullptr: out of memory. The process has no memory, files or handlers yet.
[[nodiscard]] Process* make_process(i32 id, Process* parent);
// A process that never ran, or whose zombie is forgotten: off its lists, its object gone.
void destroy_process(Process& process);

// Of all processes.
u64 thread_count();

// In `process`, stopped, with registers zero. nullptr: out of memory.
[[nodiscard]] Thread* make_thread(Process& process, i32 id);

// Takes a thread out of its process: robust futexes, the word of CLONE_CHILD_CLEARTID, its wait.
void end_thread(Thread& thread);
// What a thread leaves in memory when it ends or executes a new program.
void leave_memory(Thread& thread);

// At the start of each event: frees what ended in the one before.
void reap_ended();

// The vfork parent may go on.
void release_vfork_parent(Process& child);

}  // namespace vdsokit::personality
