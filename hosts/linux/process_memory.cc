// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/process_memory.h"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstring>

#include "hosts/linux/proc_path.h"

namespace vdsokit::on_linux {

namespace {

iovec range(void const* begin, u64 size) { return {const_cast<void*>(begin), size}; }
iovec range(u64 begin, u64 size) { return {reinterpret_cast<void*>(begin), size}; }

}  // namespace

// One file for all that an exec needs: each process_vm_readv(2) finds the process and asks for
// permission anew, which takes several times as long as the copy.
ProcessMemory::ProcessMemory(pid_t thread)
    : thread_(thread), file_(open(proc_path(thread, "mem").c_str(), O_RDWR | O_CLOEXEC)) {}

bool ProcessMemory::write_by_file(u64 address, void const* from, u64 size) const {
    return file_ && pwrite(file_.number(), from, size, static_cast<off_t>(address)) ==
                        static_cast<ssize_t>(size);
}

// Without /proc, or where that may not be written, by the calls that need no file.
bool ProcessMemory::read(u64 address, void* to, u64 size) const {
    auto const wanted = static_cast<ssize_t>(size);
    if (file_ && pread(file_.number(), to, size, static_cast<off_t>(address)) == wanted)
        return true;
    iovec const here = range(to, size);
    iovec const there = range(address, size);
    return process_vm_readv(thread_, &here, 1, &there, 1, 0) == wanted;
}

bool ProcessMemory::write(u64 address, void const* from, u64 size) const {
    if (write_by_file(address, from, size)) return true;
    iovec const here = range(from, size);
    iovec const there = range(address, size);
    return process_vm_writev(thread_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(size);
}

// Word by word where a kernel keeps /proc/PID/mem from writing what is mapped read-only.
// [Linux Documentation/admin-guide/kernel-parameters.txt, proc_mem.force_override=]
bool ProcessMemory::write_code(u64 address, kit::Bytes code) const {
    if (write_by_file(address, code.data(), code.size())) return true;
    for (u64 at = 0; at < code.size(); at += sizeof(long)) {
        long word;
        std::memcpy(&word, code.data() + at, sizeof word);
        if (ptrace(PTRACE_POKETEXT, thread_, address + at, word) != 0) return false;
    }
    return true;
}

}  // namespace vdsokit::on_linux
