// SPDX-License-Identifier: BSD-2-Clause
// What execve would have reset in the process, reset by hand.
#pragma once

#include <string>

#include "kit/process/initial_stack.h"

namespace vdsokit::uexec {

// Right before the program's first instruction; `file` is the program's, and is closed.
// Afterwards no function of
// libc may be called that works with the state of the thread.
void leave_process(std::string const& path, int file, kit::InitialStack const& stack);

}  // namespace vdsokit::uexec
