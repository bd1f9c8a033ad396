// SPDX-License-Identifier: BSD-2-Clause
// wait4 and waitid, and the ways to end.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome wait4_call(Call& call);
Outcome waitid_call(Call& call);
Outcome exit_call(Call& call);
Outcome exit_group_call(Call& call);

}  // namespace vdsokit::personality
