// SPDX-License-Identifier: BSD-2-Clause
// The process that keeps the time page right while the program runs. It is no child of the program,
// which so sees none that it did not make; it has no descriptor of the program's, and ends with it,
// leaving a page that says "make the system call" to whatever the program started.
#pragma once

#include "hosts/linux/failure.h"
#include "hosts/uexec/publisher.h"

namespace vdsokit::uexec {

// The program is this very process, later. Called while it has one thread.
on_linux::Failure start_keeper(Publisher& publisher);

}  // namespace vdsokit::uexec
