// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/tracee.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include <cstdio>

namespace vdsokit::on_linux {

bool Tracee::seize(pid_t thread) {
    return ptrace(PTRACE_SEIZE, thread, nullptr, PTRACE_O_TRACEEXEC) == 0;
}

bool Tracee::interrupt() const { return ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr) == 0; }

bool Tracee::go_on() const { return ptrace(PTRACE_CONT, thread_, nullptr, nullptr) == 0; }

bool Tracee::let_go() const { return ptrace(PTRACE_DETACH, thread_, nullptr, nullptr) == 0; }

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

std::optional<u64> Tracee::signal_mask() const {
    u64 mask = 0;
    if (ptrace(PTRACE_GETSIGMASK, thread_, sizeof mask, &mask) != 0) return std::nullopt;
    return mask;
}

bool Tracee::set_signal_mask(u64 mask) const {
    return ptrace(PTRACE_SETSIGMASK, thread_, sizeof mask, &mask) == 0;
}

bool Tracee::open_memory() const {
    if (memory_) return true;
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/mem", thread_);
    memory_ = Descriptor(open(path, O_RDWR | O_CLOEXEC));
    return static_cast<bool>(memory_);
}

bool Tracee::read(u64 address, void* to, u64 size) const {
    return open_memory() && pread(memory_.number(), to, size, static_cast<off_t>(address)) ==
                                static_cast<ssize_t>(size);
}

bool Tracee::write(u64 address, void const* from, u64 size) const {
    return open_memory() && pwrite(memory_.number(), from, size, static_cast<off_t>(address)) ==
                                static_cast<ssize_t>(size);
}

}  // namespace vdsokit::on_linux
