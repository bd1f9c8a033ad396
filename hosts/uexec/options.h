// SPDX-License-Identifier: BSD-2-Clause
// The command line of vdsokit-uexec.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hosts/uexec/refusal.h"

namespace vdsokit::uexec {

// What the time page says.
enum class Publish {
    automatic,  // counter where there is a counter to trust, none elsewhere
    counter,    // clocks run from the CPU's counter
    held,       // clocks stand still between two publishes
    none,       // nothing: every call makes the system call
};

struct Options {
    std::string image_file;
    Publish publish = Publish::automatic;
    long long wall_offset = 0;  // seconds on top of the host's wall clock
    bool unchecked = false;
    bool verbose = false;
    std::vector<std::string> command;
};

// Nothing: it was a question (--help), and is answered.
OrRefusal<std::optional<Options>> parse_options(int argc, char** argv);

}  // namespace vdsokit::uexec
