// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/keeper.h"

#include <dirent.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <vector>

namespace vdsokit::uexec {

namespace {

using on_linux::Failure;

// Those of the program must not stay open here: whoever reads from a pipe waits for its last writer.
void close_all_but(int kept) {
    std::vector<int> open;
    DIR* const folder = opendir("/proc/self/fd");
    if (folder == nullptr) return;
    while (dirent const* const entry = readdir(folder)) open.push_back(std::atoi(entry->d_name));
    closedir(folder);
    for (int const number : open)
        if (number != kept) close(number);
}

bool is_gone(pid_t program, int watched, int milliseconds) {
    if (watched >= 0) {
        pollfd ended{watched, POLLIN, 0};
        return poll(&ended, 1, milliseconds) > 0;
    }
    // A kernel or an emulator without pidfd_open.
    poll(nullptr, 0, milliseconds);
    return kill(program, 0) != 0 && errno == ESRCH;
}

[[noreturn]] void keep(Publisher& publisher, pid_t program) {
    int const watched = static_cast<int>(syscall(SYS_pidfd_open, program, 0));
    close_all_but(watched);
    // The program must not write the page through this process.
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NAME, "vdsokit-keeper");
    // Not at once: a keeper that is preempted while it holds a line sends readers to the kernel.
    int pause = 10;
    while (!is_gone(program, watched, pause)) {
        pause = publisher.follow();
        if (pause < 0) _exit(0);
    }
    publisher.withdraw();
    _exit(0);
}

// What the program was given for SIGCHLD is about its own children.
class ChildSignal {
public:
    ChildSignal() {
        struct sigaction plain {};
        plain.sa_handler = SIG_DFL;  // ignored, a child could not be waited for
        sigaction(SIGCHLD, &plain, &before_);
    }
    ~ChildSignal() {
        sigset_t blocked;
        sigprocmask(SIG_BLOCK, nullptr, &blocked);
        sigset_t child;
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        timespec const at_once{};
        if (sigismember(&blocked, SIGCHLD) == 1) sigtimedwait(&child, nullptr, &at_once);
        sigaction(SIGCHLD, &before_, nullptr);
    }
    ChildSignal(ChildSignal const&) = delete;
    ChildSignal& operator=(ChildSignal const&) = delete;

private:
    struct sigaction before_ {};
};

}  // namespace

Failure start_keeper(Publisher& publisher) {
    ChildSignal const no_trace;
    pid_t const program = getpid();
    pid_t const between = fork();
    if (between < 0) return Failure::of_errno("fork");
    if (between == 0) {
        // A session of its own: no terminal's signals.
        setsid();
        pid_t const keeper = fork();
        if (keeper == 0) keep(publisher, program);
        _exit(keeper < 0 ? errno : 0);
    }
    int status = 0;
    while (waitpid(between, &status, 0) < 0)
        if (errno != EINTR) return Failure::of_errno("waitpid");
    if (!WIFEXITED(status)) return Failure::because("the keeper did not start");
    errno = WEXITSTATUS(status);
    if (errno != 0) return Failure::of_errno("fork");
    return Failure::none();
}

}  // namespace vdsokit::uexec
