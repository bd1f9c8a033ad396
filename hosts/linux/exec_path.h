// SPDX-License-Identifier: BSD-2-Clause
// The file that a notified execve names. A shell's PATH search makes six failing execs for each
// that works; whoever knows that the file is not there need not attach.
#pragma once

#include <string>

#include "hosts/linux/exec_filter.h"

namespace vdsokit::on_linux {

struct ExecPath {
    std::string path;  // as the process gave it; empty: unreadable, or by descriptor
    bool is_missing;   // certainly not there, so that the exec will fail
};

// The process waits in its execve. What it names may change under our eyes: the answer only saves
// work.
ExecPath read_exec_path(ExecNotification const& exec);

}  // namespace vdsokit::on_linux
