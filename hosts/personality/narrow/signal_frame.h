// SPDX-License-Identifier: BSD-2-Clause
// Into a 32-bit handler and back; process/delivery.h tells what for.
#pragma once

#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

// As enter_signal_handler() and leave_signal_handler() of delivery.h. `top` is where its stack
// begins.
[[nodiscard]] bool enter_narrow_handler(Thread& thread, SignalAction const& action,
                                        SignalInfo const& info, SignalSet saved_mask, u64 top);
[[nodiscard]] bool leave_narrow_handler(Thread& thread, bool has_info);

}  // namespace vdsokit::personality
