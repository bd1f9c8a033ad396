// SPDX-License-Identifier: BSD-2-Clause
#include "bench/linux_host/floor.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <iterator>

#include "hosts/linux/pass_descriptor.h"
#include "hosts/linux/seccomp_numbers.h"

namespace vdsokit::bench {

namespace {

int install(sock_filter* code, unsigned short length, unsigned long flags) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    sock_fprog const program{length, code};
    return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}

int install_allowing() {
    sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    return install(code, std::size(code), 0);
}

int install_notifying() {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(code, std::size(code),
                   SECCOMP_FILTER_FLAG_NEW_LISTENER | on_linux::wait_killable);
}

// One process at a time executes here, so that nothing has to be waited for side by side.
[[noreturn]] void supervise(int listener, bool stops) {
    ioctl(listener, on_linux::set_flags, on_linux::sync_wake_up);
    for (;;) {
        seccomp_notif exec{};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &exec) != 0) {
            if (errno == EINTR) continue;
            _exit(0);  // the last process is gone
        }
        pid_t const thread = static_cast<pid_t>(exec.pid);
        bool const attached =
            stops && ptrace(PTRACE_SEIZE, thread, nullptr, PTRACE_O_TRACEEXEC) == 0;
        seccomp_notif_resp response{};
        response.id = exec.id;
        response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
        int status = 0;
        if (attached && waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status))
            ptrace(PTRACE_DETACH, thread, nullptr, 0);
    }
}

bool start_supervisor(bool stops) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    pid_t const between = fork();
    if (between == 0) {
        if (fork() == 0) {
            on_linux::Descriptor const listener = on_linux::receive_descriptor(ends[1]);
            // Nothing of ours may keep a pipe open that somebody waits on.
            dup2(listener.number(), 3);
            syscall(SYS_close_range, 4U, ~0U, 0);
            for (int const stream : {0, 1, 2}) close(stream);
            supervise(3, stops);
        }
        _exit(0);
    }
    waitpid(between, nullptr, 0);
    int const listener = install_notifying();
    bool const is_sent = listener >= 0 && on_linux::send_descriptor(ends[0], listener);
    close(listener);
    close(ends[0]);
    close(ends[1]);
    return is_sent;
}

}  // namespace

void become_under(std::string const& floor, std::vector<std::string> const& command) {
    bool const ready =
        floor == "filter" ? install_allowing() == 0 : start_supervisor(floor == "stop");
    if (!ready) return;
    std::vector<char*> arguments;
    for (std::string const& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
}

}  // namespace vdsokit::bench
