// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/supervisor_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "hosts/linux/control_server.h"
#include "hosts/linux/pass_descriptor.h"
#include "hosts/linux/supervisor.h"

namespace vdsokit::on_linux {

namespace {

// The caller's files must not stay open through us: a pipe's reader would wait for its end.
void keep_only(std::vector<int> kept) {
    std::sort(kept.begin(), kept.end());
    unsigned first = 3;
    for (int const file : kept) {
        auto const number = static_cast<unsigned>(file);
        if (number > first) syscall(SYS_close_range, first, number - 1, 0);
        first = std::max(first, number + 1);
    }
    syscall(SYS_close_range, first, ~0U, 0);
}

void replace_standard_streams() {
    int const null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream < 3; ++stream) dup2(null, stream);
    if (null > 2) close(null);
}

void become_daemon() {
    setsid();
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    for (int const signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU})
        sigaction(signal, &ignore, nullptr);
    struct sigaction normal {};
    normal.sa_handler = SIG_DFL;  // the caller may have ignored it, and waitpid would find nobody
    sigaction(SIGCHLD, &normal, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    [[maybe_unused]] int const at_root = chdir("/");
}

[[noreturn]] void supervise(SupervisorStart const& start, int listener) {
    prctl(PR_SET_NAME, "vdsokit-super");
    {
        ControlServer control(start.clock);
        // Without the socket the programs run all the same; `vdsokit set` says that it finds none.
        Failure const no_control = control.listen();
        Supervisor({listener, start.payload, start.verbose}, control).run();
    }
    _exit(0);
}

}  // namespace

void run_supervisor_process(SupervisorStart const& start) {
    Descriptor listener = receive_descriptor(start.channel);
    if (!listener) _exit(1);
    become_daemon();
    keep_only(
        {start.channel, listener.number(), start.payload.image_file, start.payload.time_file});
    replace_standard_streams();
    prctl(PR_SET_NAME, "vdsokit-guard");
    for (bool first = true;; first = false) {
        pid_t const supervisor = fork();
        if (supervisor == 0) {
            if (first) send_ready(start.channel);
            close(start.channel);
            supervise(start, listener.number());
        }
        if (first) close(start.channel);
        if (supervisor < 0) _exit(1);
        int status = 0;
        while (waitpid(supervisor, &status, 0) < 0 && errno == EINTR) continue;
        // It ends by itself only when the tree is gone.
        if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
    }
}

}  // namespace vdsokit::on_linux
