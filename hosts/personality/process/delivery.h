// SPDX-License-Identifier: BSD-2-Clause
// What becomes of a signal: from being sent to the handler's first instruction.
#pragma once

#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// Acts on all that wait and are not blocked: ends, stops, or enters handlers. Called when the
// thread is about to run again. It may be gone afterwards.
void deliver_signals(Thread& thread);

// A fault of the thread's own: it cannot be blocked or ignored.
void force_signal(Thread& thread, SignalInfo const& info);

// Puts the frame on the stack and points the registers at the handler. False: no room there.
[[nodiscard]] bool enter_signal_handler(Thread& thread, SignalAction const& action,
                                        SignalInfo const& info, SignalSet saved_mask);
// Back from it. False: the frame is not one.
[[nodiscard]] bool leave_signal_handler(Thread& thread);

}  // namespace vdsokit::personality
