// SPDX-License-Identifier: BSD-2-Clause
// Makes system calls and makes them again: from the trap, from wake(), from a deadline and for a
// signal. Used by process/ and by the entry points of personality.h; other folders need call.h
// only.
#pragma once

#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

// Before the first call is made. A number that two rows claim belongs to the later one.
void add_calls(SystemCallRow const* rows, u64 count);
// nullptr: ENOSYS.
SystemCallRow const* find_call(u64 number);
// Where Process::counts has a call of such a process, and the row for a place there.
u64 count_index(Process const& process, u64 number);
SystemCallRow const* row_at(Process const& process, u64 index);

// The call that the thread's registers ask for.
void start_call(Thread& thread);
// The call in which it waits, once more. It may have finished afterwards, or wait on.
void retry_call(Thread& thread, bool interrupted);
// The call in which it waits is over: EINTR, or made again when the registers next run.
void abandon_call(Thread& thread, bool restart);
// Takes it off its wait, with no answer: the thread ends.
void leave_wait(Thread& thread);

// A realtime clock was set: what waits for a time of it is run again.
void rerun_realtime_waits();

// Answers for all that woke, in turn; signals are delivered on the way. Ends each event.
void settle();

// The thread whose trap is being handled; nullptr in on_timer() and the like.
Thread* current_thread();
void set_current_thread(Thread* thread);

}  // namespace vdsokit::personality
