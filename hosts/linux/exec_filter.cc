// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/exec_filter.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "linux_audit.h"

namespace vdsokit::on_linux {

namespace {

// Since Linux 5.19: once we have taken a notification, only a fatal signal ends the wait, so that
// PTRACE_INTERRUPT does not start the call over.
constexpr unsigned long wait_killable = 1UL << 5;

// From the ABI, not from a header: the kernel may know longer structures than we do.
seccomp_notif_sizes sizes() {
    seccomp_notif_sizes sizes{};
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0)
        return {sizeof(seccomp_notif), sizeof(seccomp_notif_resp), sizeof(seccomp_data)};
    return sizes;
}

bool respond(int listener, u64 id, u32 flags) {
    static std::size_t const bytes =
        std::max<std::size_t>(sizes().seccomp_notif_resp, sizeof(seccomp_notif_resp));
    std::vector<u8> buffer(bytes);
    seccomp_notif_resp response{};
    response.id = id;
    response.flags = flags;
    std::memcpy(buffer.data(), &response, sizeof response);
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, buffer.data()) == 0;
}

}  // namespace

InstalledFilter install_exec_filter() {
    // Another architecture's calls (a 32-bit program) have other numbers: they are let run.
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch::audit_architecture, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog const program{static_cast<unsigned short>(std::size(code)), code};
    unsigned long const flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | wait_killable;
    auto const install = [&] {
        return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
    };
    int listener = install();
    bool const gives_up_privileges = listener < 0 && errno == EACCES;
    if (gives_up_privileges) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return {Descriptor(), Failure::of_errno("PR_SET_NO_NEW_PRIVS"), false};
        listener = install();
    }
    if (listener >= 0) return {Descriptor(listener), Failure::none(), gives_up_privileges};
    char const* const what =
        errno == EBUSY    ? "another seccomp listener is in place"
        : errno == EINVAL ? "the kernel is older than 5.19, or has no seccomp user notification"
                          : "seccomp";
    return {Descriptor(), Failure::of_errno(what), gives_up_privileges};
}

std::optional<ExecNotification> ExecListener::receive() const {
    static std::size_t const bytes =
        std::max<std::size_t>(sizes().seccomp_notif, sizeof(seccomp_notif));
    std::vector<u8> buffer(bytes);  // zero, as the call demands
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, buffer.data()) != 0) return std::nullopt;
    seccomp_notif notification;
    std::memcpy(&notification, buffer.data(), sizeof notification);
    ExecNotification exec{
        notification.id, static_cast<pid_t>(notification.pid), notification.data.nr, {}};
    for (int at = 0; at < 6; ++at) exec.arguments[at] = notification.data.args[at];
    return exec;
}

bool ExecListener::let_run(u64 id) const {
    return respond(listener_, id, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

bool ExecListener::answer_zero(u64 id) const { return respond(listener_, id, 0); }

int ExecListener::add_file(u64 id, int file) const {
    seccomp_notif_addfd request{};
    request.id = id;
    request.srcfd = static_cast<u32>(file);
    request.newfd_flags = O_CLOEXEC;
    return ioctl(listener_, SECCOMP_IOCTL_NOTIF_ADDFD, &request);
}

}  // namespace vdsokit::on_linux
