// SPDX-License-Identifier: BSD-2-Clause
// What the kernel's own mechanisms cost, with nothing done by them: the least that a supervisor of
// such a design can take.
#pragma once

#include <string>
#include <vector>

namespace vdsokit::bench {

// Becomes the command, each under all of the one before:
//   "filter"   a seccomp filter of one instruction, which allows
//   "notify"   a filter that tells of execve; a supervisor lets each go on at once
//   "stop"     that, and the supervisor attaches, and detaches at the exec stop
// Returns where that cannot be had.
void become_under(std::string const& floor, std::vector<std::string> const& command);

}  // namespace vdsokit::bench
