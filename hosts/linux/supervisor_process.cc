// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/supervisor_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "hosts/linux/control_server.h"
#include "hosts/linux/descriptor.h"
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

Descriptor open_process(pid_t process) {
    return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
}

// Waits for the supervisor's end. True: the tree is gone, too.
bool outlive(pid_t supervisor, int listener) {
    Descriptor const process = open_process(supervisor);
    pollfd ends[2] = {{process.number(), POLLIN, 0}, {listener, 0, 0}};
    for (;;) {
        if (poll(ends, 2, -1) < 0) continue;
        if ((ends[1].revents & POLLHUP) != 0) return true;
        if (ends[0].revents != 0) break;
    }
    waitpid(supervisor, nullptr, __WALL);  // where it is our child
    return false;
}

// Each of the two processes is in here: one supervises, the other waits for its end; whoever is
// left over forks and goes on in both roles.
class Pair {
public:
    Pair(SupervisorStart const& start, int listener) : start_(start), listener_(listener) {}

    [[noreturn]] void guard(pid_t supervisor) {
        prctl(PR_SET_NAME, "vdsokit-guard");
        while (!outlive(supervisor, listener_)) {
            pid_t const guardian = getpid();
            supervisor = fork();
            if (supervisor == 0) {
                start_.clock.recover();
                supervise(guardian);
            }
            if (supervisor < 0) sleep(1);
        }
        _exit(0);
    }

    [[noreturn]] void supervise(pid_t guardian) {
        prctl(PR_SET_NAME, "vdsokit-super");
        ControlServer control(start_.clock, start_.tree);
        // Without the socket the programs run all the same; `vdsokit set` says that it finds none.
        static_cast<void>(control.listen());
        for (;;) {
            Descriptor const above = open_process(guardian);
            Supervisor supervisor({listener_, start_.payload, above.number(), start_.verbose},
                                  start_.listener, start_.clock, control);
            switch (supervisor.run()) {
            case Supervisor::End::tree: control.close(); _exit(0);
            case Supervisor::End::guardian: break;
            }
            pid_t const supervised = getpid();
            pid_t const forked = fork();
            if (forked == 0) {
                control.leave();
                guard(supervised);
            }
            guardian = forked;
        }
    }

private:
    SupervisorStart const& start_;
    int listener_;
};

}  // namespace

void run_supervisor_process(SupervisorStart const& start) {
    close(start.program_end);
    Descriptor listener = receive_descriptor(start.channel);
    if (!listener) _exit(1);
    become_daemon();
    keep_only({start.channel, listener.number(), start.payload.file});
    replace_standard_streams();
    Pair pair(start, listener.number());
    pid_t const guardian = getpid();
    pid_t const supervisor = fork();
    if (supervisor < 0) _exit(1);
    if (supervisor == 0) {
        send_ready(start.channel);
        close(start.channel);
        pair.supervise(guardian);
    }
    close(start.channel);
    pair.guard(supervisor);
}

}  // namespace vdsokit::on_linux
