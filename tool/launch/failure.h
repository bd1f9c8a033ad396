// SPDX-License-Identifier: BSD-2-Clause
// Why the launcher stops, and with which exit status. Thrown where the fault is found, caught in
// main() alone, so that every path back restores the terminal and ends the machine.
#pragma once

#include <string>

namespace vdsokit::launch {

// Exit statuses that are the launcher's own, as a shell has them.
inline constexpr int status_host_failure = 125;
inline constexpr int status_not_executable = 126;
inline constexpr int status_not_found = 127;
inline constexpr int status_signal_base = 128;

struct Failure {
    int status;
    std::string text;  // what went wrong and where, without the program's name in front
};

}  // namespace vdsokit::launch
