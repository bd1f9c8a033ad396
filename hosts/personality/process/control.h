// SPDX-License-Identifier: BSD-2-Clause
// prctl, personality and getrandom: small switches and the host's random bytes.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome prctl_call(Call& call);
Outcome personality_call(Call& call);
Outcome getrandom_call(Call& call);
Outcome capget_call(Call& call);

}  // namespace vdsokit::personality
