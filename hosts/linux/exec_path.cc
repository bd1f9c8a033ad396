// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/exec_path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <climits>
#include <cstring>

namespace vdsokit::on_linux {

namespace {

// A page at a time: the string may end right before an unmapped one.
std::string read_string(pid_t process, u64 address) {
    std::string text;
    while (text.size() < PATH_MAX) {
        char buffer[4096];
        std::size_t const bytes = sizeof buffer - address % sizeof buffer;
        iovec const to{buffer, bytes};
        iovec const from{reinterpret_cast<void*>(address), bytes};
        ssize_t const read = process_vm_readv(process, &to, 1, &from, 1, 0);
        if (read <= 0) return {};
        std::size_t const length = strnlen(buffer, static_cast<std::size_t>(read));
        text.append(buffer, length);
        if (length < static_cast<std::size_t>(read)) return text;
        address += static_cast<u64>(read);
    }
    return {};
}

Descriptor open_link(pid_t process, char const* link) {
    std::string const path = "/proc/" + std::to_string(process) + "/" + link;
    return Descriptor(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

bool same_root(Descriptor const& root) {
    struct stat theirs {};
    struct stat ours {};
    return fstat(root.number(), &theirs) == 0 && stat("/", &ours) == 0 &&
           theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

bool is_not_there(long opened) {
    Descriptor const close_it(static_cast<int>(opened));
    return opened < 0 && (errno == ENOENT || errno == ENOTDIR);
}

bool is_missing(pid_t process, std::string const& path) {
    Descriptor const root = open_link(process, "root");
    if (!root) return false;
    if (path.front() == '/') {
        open_how how{};
        how.flags = O_PATH | O_CLOEXEC;
        how.resolve = RESOLVE_IN_ROOT;
        return is_not_there(syscall(SYS_openat2, root.number(), path.c_str(), &how, sizeof how));
    }
    // An absolute link met on the way would be followed from our root.
    if (!same_root(root)) return false;
    Descriptor const directory = open_link(process, "cwd");
    return directory && is_not_there(openat(directory.number(), path.c_str(), O_PATH | O_CLOEXEC));
}

}  // namespace

ExecPath read_exec_path(ExecNotification const& exec) {
    bool const by_directory = exec.number == SYS_execveat;
    std::string path = read_string(exec.thread, exec.arguments[by_directory ? 1 : 0]);
    bool const from_cwd = !by_directory || static_cast<int>(exec.arguments[0]) == AT_FDCWD;
    bool const resolvable = !path.empty() && (from_cwd || path.front() == '/');
    bool const missing = resolvable && is_missing(exec.thread, path);
    return {std::move(path), missing};
}

}  // namespace vdsokit::on_linux
