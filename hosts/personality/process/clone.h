// SPDX-License-Identifier: BSD-2-Clause
// clone and clone3: fork, vfork and threads.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome clone_call(Call& call);
Outcome clone3_call(Call& call);

}  // namespace vdsokit::personality
