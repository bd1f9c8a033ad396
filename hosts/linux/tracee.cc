// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/tracee.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

namespace vdsokit::on_linux {

bool Tracee::seize() const {
    return ptrace(PTRACE_SEIZE, thread_, nullptr, PTRACE_O_TRACEEXEC) == 0;
}

bool Tracee::interrupt() const { return ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr) == 0; }

pid_t Tracee::former_thread() const {
    unsigned long former = 0;
    bool const is_told = ptrace(PTRACE_GETEVENTMSG, thread_, nullptr, &former) == 0;
    return is_told ? static_cast<pid_t>(former) : 0;
}

bool Tracee::let_go(int signal) const {
    return ptrace(PTRACE_DETACH, thread_, nullptr, signal) == 0;
}

std::optional<arch::TraceeRegisters> Tracee::registers() const {
    arch::TraceeRegisters registers{};
    iovec set{&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, thread_, NT_PRSTATUS, &set) != 0) return std::nullopt;
    // A 32-bit process has a shorter set.
    if (set.iov_len != sizeof registers) return std::nullopt;
    return registers;
}

bool Tracee::set_registers(arch::TraceeRegisters const& registers) const {
    arch::TraceeRegisters copy = registers;
    iovec set{&copy, sizeof copy};
    return ptrace(PTRACE_SETREGSET, thread_, NT_PRSTATUS, &set) == 0;
}

}  // namespace vdsokit::on_linux
