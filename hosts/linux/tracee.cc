// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/tracee.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include <cstring>

#include "hosts/linux/descriptor.h"
#include "hosts/linux/proc_path.h"

namespace vdsokit::on_linux {

namespace {

iovec range(void const* begin, u64 size) { return {const_cast<void*>(begin), size}; }
iovec range(u64 begin, u64 size) { return {reinterpret_cast<void*>(begin), size}; }

}  // namespace

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

bool Tracee::read(u64 address, void* to, u64 size) const {
    iovec const here = range(to, size);
    iovec const there = range(address, size);
    return process_vm_readv(thread_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(size);
}

bool Tracee::write(u64 address, void const* from, u64 size) const {
    iovec const here = range(from, size);
    iovec const there = range(address, size);
    return process_vm_writev(thread_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(size);
}

// By /proc/PID/mem in one go; word by word where a kernel keeps that from writing what is mapped
// read-only. [Linux Documentation/admin-guide/kernel-parameters.txt, proc_mem.force_override=]
bool Tracee::write_code(u64 address, kit::Bytes code) const {
    Descriptor const memory(open(proc_path(thread_, "mem").c_str(), O_WRONLY | O_CLOEXEC));
    if (memory && pwrite(memory.number(), code.data(), code.size(), static_cast<off_t>(address)) ==
                      static_cast<ssize_t>(code.size()))
        return true;
    for (u64 at = 0; at < code.size(); at += sizeof(long)) {
        long word;
        std::memcpy(&word, code.data() + at, sizeof word);
        if (ptrace(PTRACE_POKETEXT, thread_, address + at, word) != 0) return false;
    }
    return true;
}

}  // namespace vdsokit::on_linux
