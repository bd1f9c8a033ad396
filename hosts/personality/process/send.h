// SPDX-License-Identifier: BSD-2-Clause
// How a signal reaches a process or a thread. What it does, it does in delivery.h.
#pragma once

#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// To one thread, or, with none, to whichever of the process takes it. False: a realtime signal that
// cannot be queued (EAGAIN). A zombie takes and forgets it.
[[nodiscard]] bool send_signal(Process& process, Thread* target, SignalInfo const& info);

// Runs the sigtimedwait() calls of the process again that name the signal.
void wake_signal_waiters(Process& process, i32 signal);
inline WaitKey signal_wait_key(Thread& thread) { return {&thread.awaited_signals, 0}; }

}  // namespace vdsokit::personality
