// SPDX-License-Identifier: BSD-2-Clause
// The root task's threads beside the one that serves programs, which is called the root task
// everywhere else.
#pragma once

namespace vdsokit::sel4 {

// Waits for a fault of the root task: says where it was, and ends the machine. Without it nobody
// would ever hear of one. Stops the machine if there is no memory for it.
void start_watcher_or_stop();
// Signals whenever the kernel comes to it, that is when a program's time slice is over.
void start_helper_or_stop();

}  // namespace vdsokit::sel4
