// SPDX-License-Identifier: BSD-2-Clause
// nanosleep and clock_nanosleep.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome nanosleep_call(Call& call);
Outcome clock_nanosleep_call(Call& call);

}  // namespace vdsokit::personality
