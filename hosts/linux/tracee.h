// SPDX-License-Identifier: BSD-2-Clause
// One thread of another process, attached by ptrace (PTRACE_SEIZE) for the moment of an exec.
// All calls come from the thread that seized it. [ptrace(2)]
#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

#include "linux_tracee.h"

#include "arch/types.h"
#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"

namespace vdsokit::on_linux {

class Tracee {
public:
    explicit Tracee(pid_t thread) : thread_(thread) {}

    pid_t thread() const { return thread_; }

    // It runs on; exec stops it. Fails with errno EPERM where another tracer holds it.
    static bool seize(pid_t thread);
    // Makes it stop as soon as it would return to user code.
    bool interrupt() const;
    // It is stopped: it runs on, attached or not.
    bool go_on() const;
    bool let_go() const;

    // It is stopped. nullopt: it is no process of our word size, or it is gone.
    std::optional<arch::TraceeRegisters> registers() const;
    bool set_registers(arch::TraceeRegisters const& registers) const;
    std::optional<u64> signal_mask() const;
    bool set_signal_mask(u64 mask) const;

    // /proc/PID/mem, which also writes what the process itself may only read.
    bool read(u64 address, void* to, u64 size) const;
    bool write(u64 address, void const* from, u64 size) const;

private:
    bool open_memory() const;

    pid_t thread_;
    mutable Descriptor memory_;
};

}  // namespace vdsokit::on_linux
