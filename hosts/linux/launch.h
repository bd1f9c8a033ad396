// SPDX-License-Identifier: BSD-2-Clause
// Starts a tree of processes on our vDSO. The calling process itself becomes the program, so that
// its pid, parent, terminal, exit status and signals are as without us; the supervisor is a
// process of its own, in its own session, and ends with the last process of the tree.
#pragma once

#include <string>
#include <vector>

#include "hosts/linux/failure.h"
#include "hosts/linux/shared_clock.h"
#include "kit/core/bytes.h"

namespace vdsokit::on_linux {

struct LaunchOptions {
    kit::Bytes image;  // has passed every rule, for this machine
    ClockSource source;
    WallOffset offset;
    bool verbose;
};

// Returns only on failure. `program` is a path, `arguments` begins with argv[0]. `exec_errno` is
// set where it was the exec itself that failed, and 0 otherwise.
struct LaunchFailure {
    Failure failure;
    int exec_errno;
};
LaunchFailure launch(LaunchOptions const& options, std::string const& program,
                     std::vector<std::string> const& arguments);

}  // namespace vdsokit::on_linux
