// SPDX-License-Identifier: BSD-2-Clause
// The command lines of `vdsokit run` and `vdsokit set`.
#pragma once

#include <string>
#include <vector>

#include "hosts/linux/shared_clock.h"
#include "kit/time/units.h"

namespace vdsokit::tool {

// As the shell has them: a command line that cannot be used.
inline constexpr int status_usage = 2;

struct RunOptions {
    kit::Timespec offset{};  // from the kernel's wall clock
    on_linux::ClockSource source = on_linux::ClockSource::kernel;
    std::string image_file;  // empty: the one built in
    bool verbose = false;
    std::vector<std::string> command;
};

struct SetOptions {
    kit::Timespec offset{};
    bool all = false;
    std::vector<int> processes;
};

// A command line that is to be answered at once (--help) or refused.
struct Answer {
    int status;
};

// Both print what they answer or refuse. Throw Answer.
RunOptions parse_run(int argc, char** argv);
SetOptions parse_set(int argc, char** argv);

}  // namespace vdsokit::tool
