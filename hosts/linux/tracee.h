// SPDX-License-Identifier: BSD-2-Clause
// One thread of another process, attached by ptrace (PTRACE_SEIZE) for the moment of an exec.
// All calls come from the thread that seized it. [ptrace(2)]
#pragma once

#include <sys/types.h>

#include <optional>

#include "linux_tracee.h"

#include "arch/types.h"

namespace vdsokit::on_linux {

class Tracee {
public:
    explicit Tracee(pid_t thread) : thread_(thread) {}

    pid_t thread() const { return thread_; }

    // It runs on; exec stops it. Fails with errno EPERM where another tracer holds it.
    bool seize() const;
    // Makes it stop as soon as it would return to user code.
    bool interrupt() const;
    // At PTRACE_EVENT_EXEC: the id that its thread had before; 0: it cannot be told.
    pid_t former_thread() const;
    // It is stopped: it runs on, unattached, with `signal` delivered (0: none).
    bool let_go(int signal = 0) const;

    // It is stopped. nullopt: it is no process of our word size, or it is gone.
    std::optional<arch::TraceeRegisters> registers() const;
    bool set_registers(arch::TraceeRegisters const& registers) const;

private:
    pid_t thread_;
};

}  // namespace vdsokit::on_linux
