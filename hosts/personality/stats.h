// SPDX-License-Identifier: BSD-2-Clause
// What is said when a process ends and when the host is shut down, and the host's messages.
#pragma once

#include "hosts/personality/personality.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// Whether lines are wanted, as the boot parameters say.
void set_reports(Boot const& boot);

// `stats: pid=3 status=0 exe=/bin/probe clock_gettime=0 ...`; before its files are released.
void write_process_stats(Process& process);

// Process 1 has ended: so does everything else, and the host with its status.
[[noreturn]] void shut_down_after(Process& first);

}  // namespace vdsokit::personality
