// SPDX-License-Identifier: BSD-2-Clause
// The seccomp filter by which we hear of every exec of a tree of processes, and nothing else costs
// them anything. Inherited by fork and exec; it cannot be taken off. [seccomp_unotify(2)]
#pragma once

#include <sys/types.h>

#include <optional>

#include "arch/types.h"
#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"

namespace vdsokit::on_linux {

// Puts the filter on the calling thread, with NO_NEW_PRIVS where the caller lacks CAP_SYS_ADMIN
// (setuid programs then gain nothing). Fails where another listener is in place.
struct InstalledFilter {
    Descriptor listener;
    Failure failure;
    bool no_new_privileges;
};
InstalledFilter install_exec_filter();

// One execve or execveat that waits for our answer.
struct ExecNotification {
    u64 id;
    pid_t thread;  // 0: in a pid namespace that we cannot see
    long number;   // SYS_execve or SYS_execveat
    u64 arguments[6];
};

class ExecListener {
public:
    explicit ExecListener(int listener) : listener_(listener) {}

    // nullopt: nobody waits any more (it died between), or an error.
    std::optional<ExecNotification> receive() const;
    // The system call is made as it was asked for.
    bool let_run(u64 id) const;
    // The system call is not made and returns 0.
    bool answer_zero(u64 id) const;
    // Puts a copy of `file` into the waiting process, close-on-exec; its number there, or -1.
    int add_file(u64 id, int file) const;

private:
    int listener_;
};

}  // namespace vdsokit::on_linux
