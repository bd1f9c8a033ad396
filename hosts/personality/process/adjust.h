// SPDX-License-Identifier: BSD-2-Clause
// Slewing the clock for NTP and adjtime.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome adjtimex_call(Call& call);
Outcome clock_adjtime_call(Call& call);

}  // namespace vdsokit::personality
