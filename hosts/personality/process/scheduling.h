// SPDX-License-Identifier: BSD-2-Clause
// Scheduling as far as programs ask about it: one CPU, every thread SCHED_OTHER.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome sched_yield_call(Call& call);
Outcome sched_getaffinity_call(Call& call);
Outcome sched_setaffinity_call(Call& call);
Outcome sched_getscheduler_call(Call& call);
Outcome sched_setscheduler_call(Call& call);
Outcome sched_getparam_call(Call& call);
Outcome sched_setparam_call(Call& call);
Outcome sched_get_priority_min_call(Call& call);
Outcome sched_get_priority_max_call(Call& call);
Outcome sched_rr_get_interval_call(Call& call);
Outcome getpriority_call(Call& call);
Outcome setpriority_call(Call& call);
Outcome getcpu_call(Call& call);
Outcome membarrier_call(Call& call);

}  // namespace vdsokit::personality
