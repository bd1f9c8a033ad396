// SPDX-License-Identifier: BSD-2-Clause
// The seccomp filter by which we hear of every exec of a tree of processes, 32-bit ones included, and
// of nothing else. Inherited by fork and exec; it cannot be taken off. [seccomp_unotify(2)]
#pragma once

#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"

namespace vdsokit::on_linux {

// Puts the filter on the calling thread, with NO_NEW_PRIVS where the caller lacks CAP_SYS_ADMIN
// (setuid programs then gain nothing).
struct InstalledFilter {
    Descriptor listener;
    Failure failure;
    bool is_taken;  // the failure: another listener is in place
};
InstalledFilter install_exec_filter();

}  // namespace vdsokit::on_linux
