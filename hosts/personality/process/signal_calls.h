// SPDX-License-Identifier: BSD-2-Clause
// The system calls about signals.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome sigaction_call(Call& call);
Outcome sigprocmask_call(Call& call);
Outcome sigpending_call(Call& call);
Outcome sigsuspend_call(Call& call);
Outcome sigtimedwait_call(Call& call);
Outcome sigreturn_call(Call& call);
// Its answer where no frame was: SIGSEGV.
Outcome forged_frame(Call& call);

Outcome kill_call(Call& call);
Outcome tkill_call(Call& call);
Outcome tgkill_call(Call& call);
Outcome sigqueueinfo_call(Call& call);
Outcome tgsigqueueinfo_call(Call& call);

}  // namespace vdsokit::personality
