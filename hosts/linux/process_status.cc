// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/process_status.h"

#include <elf.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "linux_audit.h"

#include "hosts/linux/failure.h"
#include "hosts/linux/proc_path.h"

namespace vdsokit::on_linux {

namespace {

// The number that stands behind "NAME:" in /proc/PID/status; 0: none.
pid_t status_number(pid_t process, std::string_view name) {
    std::ifstream file(proc_path(process, "status"));
    for (std::string line; std::getline(file, line);)
        if (line.size() > name.size() && line.compare(0, name.size(), name) == 0 &&
            line[name.size()] == ':')
            return std::atoi(line.c_str() + name.size() + 1);
    return 0;
}

// Looks for the names that libcs look up, in the program itself.
bool mentions_a_vdso(std::string_view file) {
    for (std::string_view const name : {"__vdso_clock_gettime", "__kernel_clock_gettime"})
        if (file.find(name) != std::string_view::npos) return true;
    return false;
}

bool has_interpreter(std::string_view file) {
    Elf64_Ehdr header;
    if (file.size() < sizeof header) return false;
    file.copy(reinterpret_cast<char*>(&header), sizeof header);
    for (unsigned at = 0; at < header.e_phnum; ++at) {
        Elf64_Phdr segment;
        u64 const offset = header.e_phoff + at * sizeof segment;
        if (offset > file.size() || file.size() - offset < sizeof segment) return false;
        file.substr(offset).copy(reinterpret_cast<char*>(&segment), sizeof segment);
        if (segment.p_type == PT_INTERP) return true;
    }
    return false;
}

}  // namespace

pid_t process_of(pid_t thread) {
    pid_t const process = status_number(thread, "Tgid");
    return process != 0 ? process : thread;
}

std::string program_of(pid_t thread) {
    char path[PATH_MAX];
    ssize_t const length = readlink(proc_path(thread, "exe").c_str(), path, sizeof path);
    return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string("it");
}

// A page at a time: the string may end right before an unmapped one.
std::string read_string(pid_t thread, u64 address) {
    std::string text;
    while (text.size() < PATH_MAX) {
        char buffer[4096];
        std::size_t const bytes = sizeof buffer - address % sizeof buffer;
        iovec const to{buffer, bytes};
        iovec const from{reinterpret_cast<void*>(address), bytes};
        ssize_t const read = process_vm_readv(thread, &to, 1, &from, 1, 0);
        if (read <= 0) return {};
        std::size_t const length = strnlen(buffer, static_cast<std::size_t>(read));
        text.append(buffer, length);
        if (length < static_cast<std::size_t>(read)) return text;
        address += static_cast<u64>(read);
    }
    return {};
}

bool is_in_exec(pid_t thread) {
    std::ifstream file(proc_path(thread, "syscall"));
    std::string number;
    if (!(file >> number)) return false;
    return std::any_of(
        std::begin(arch::exec_calls), std::end(arch::exec_calls),
        [&number](arch::ExecCall const& exec) { return std::to_string(exec.number) == number; });
}

bool is_in_our_time(pid_t thread) {
    struct stat ours {};
    struct stat theirs {};
    // Without time namespaces there is one time.
    if (stat("/proc/self/ns/time", &ours) != 0) return true;
    return stat(proc_path(thread, "ns/time").c_str(), &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

std::string why_not_attached(pid_t thread) {
    Failure const failure = Failure::of_errno("it cannot be attached to");
    return status_number(thread, "TracerPid") != 0 ? "held by a debugger" : failure.reason();
}

bool asks_for_a_vdso(pid_t thread) {
    // A longer one is taken to ask.
    constexpr std::size_t longest = std::size_t{256} << 20;
    std::ifstream file(proc_path(thread, "exe"), std::ios::binary | std::ios::ate);
    if (!file || file.tellg() <= 0) return true;
    auto const size = static_cast<std::size_t>(file.tellg());
    if (size > longest) return true;
    std::string bytes(size, '\0');
    file.seekg(0);
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    return !file || has_interpreter(bytes) || mentions_a_vdso(bytes);
}

}  // namespace vdsokit::on_linux
