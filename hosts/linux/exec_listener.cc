// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/exec_listener.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "linux_audit.h"

#include "hosts/linux/seccomp_numbers.h"

namespace vdsokit::on_linux {

namespace {

// From the ABI, not from a header: the kernel may know longer structures than we do.
seccomp_notif_sizes kernel_sizes() {
    seccomp_notif_sizes sizes{};
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0)
        return {sizeof(seccomp_notif), sizeof(seccomp_notif_resp), sizeof(seccomp_data)};
    return sizes;
}

bool is_by_directory(u32 architecture, u32 number) {
    return std::any_of(std::begin(arch::exec_calls), std::end(arch::exec_calls),
                       [&](arch::ExecCall const& exec) {
                           return exec.audit_architecture == architecture &&
                                  exec.number == number && exec.by_directory;
                       });
}

}  // namespace

Failure ExecListener::prepare() {
    bytes_ = std::max<u64>(kernel_sizes().seccomp_notif, sizeof(seccomp_notif));
    void* const shared =
        mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return Failure::of_errno("mmap");
    buffer_ = static_cast<u8*>(shared);
    return Failure::none();
}

// The process that waits and we take turns: on one CPU, where the kernel lets us say so.
void ExecListener::listen_to(int listener) {
    listener_ = listener;
    ioctl(listener_, set_flags, sync_wake_up);
}

std::optional<ExecNotification> ExecListener::unanswered() const {
    seccomp_notif notification;
    std::memcpy(&notification, buffer_, sizeof notification);
    if (notification.id == 0) return std::nullopt;
    u32 const number = static_cast<u32>(notification.data.nr);
    ExecNotification exec{notification.id,
                          static_cast<pid_t>(notification.pid),
                          number,
                          is_by_directory(notification.data.arch, number),
                          notification.data.arch == arch::own_audit_architecture,
                          {}};
    for (int at = 0; at < 6; ++at) exec.arguments[at] = notification.data.args[at];
    return exec;
}

std::optional<ExecNotification> ExecListener::receive() {
    std::memset(buffer_, 0, bytes_);  // as the call demands
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, buffer_) != 0) {
        std::memset(buffer_, 0, bytes_);
        return std::nullopt;
    }
    return unanswered();
}

void ExecListener::respond(u64 id, u32 flags, i32 error) {
    seccomp_notif_resp response{};
    response.id = id;
    response.flags = flags;
    response.error = error;
    ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, &response);
    std::memset(buffer_, 0, bytes_);
}

void ExecListener::let_run(u64 id) { respond(id, SECCOMP_USER_NOTIF_FLAG_CONTINUE, 0); }

void ExecListener::answer_zero(u64 id) { respond(id, 0, 0); }

void ExecListener::answer_with_file(u64 id, int file) {
    seccomp_notif_addfd request{};
    request.id = id;
    request.flags = addfd_send;
    request.srcfd = static_cast<u32>(file);
    request.newfd_flags = O_CLOEXEC;
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_ADDFD, &request) < 0) respond(id, 0, -errno);
    std::memset(buffer_, 0, bytes_);
}

}  // namespace vdsokit::on_linux
