// SPDX-License-Identifier: BSD-2-Clause
// Futexes: threads that wait for a word of their memory to change, and those whose owner died.
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

// Wakes up to `count` threads that wait for the word. Nothing happens if it is not readable.
void wake_futex(Memory& memory, VirtualAddress word, u32 count);
// The thread waits for no word any more.
void leave_futex(Thread& thread);
// set_robust_list's promise: each lock that the thread held is marked, one waiter each is woken.
void leave_robust_list(Thread& thread);

Outcome futex_call(Call& call);
Outcome set_robust_list_call(Call& call);
Outcome get_robust_list_call(Call& call);

}  // namespace vdsokit::personality
