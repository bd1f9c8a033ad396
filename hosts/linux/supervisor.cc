// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "hosts/linux/control_server.h"
#include "hosts/linux/exec_path.h"

namespace vdsokit::on_linux {

namespace {

constexpr int event_of(int status) { return status >> 16; }

int open_process(pid_t process) { return static_cast<int>(syscall(SYS_pidfd_open, process, 0)); }

}  // namespace

// To the process's own standard error: ours would keep a pipe open that its reader waits on.
void Supervisor::say(pid_t thread, std::string const& text) const {
    Descriptor const process(open_process(thread));
    if (!process) return;
    Descriptor const errors(
        static_cast<int>(syscall(SYS_pidfd_getfd, process.number(), STDERR_FILENO, 0)));
    if (errors) dprintf(errors.number(), "vdsokit: pid %d: %s\n", thread, text.c_str());
}

void Supervisor::run() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, nullptr);
    Descriptor const signals(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    for (;;) {
        std::vector<pollfd> polled{{options_.listener, POLLIN, 0}, {signals.number(), POLLIN, 0}};
        control_.add_to(polled);
        if (poll(polled.data(), polled.size(), -1) < 0) continue;
        if ((polled[1].revents & POLLIN) != 0) {
            signalfd_siginfo info;
            while (read(signals.number(), &info, sizeof info) > 0) continue;
        }
        // Stops first: a process that we let go may be the next to notify.
        on_children();
        if ((polled[0].revents & POLLIN) != 0) on_notification();
        control_.serve(polled);
        if ((polled[0].revents & POLLHUP) != 0) return;
    }
}

void Supervisor::on_notification() {
    auto const exec = listener_.receive();
    if (!exec) return;
    auto const found = targets_.find(exec->thread);
    if (!is_batch_mark(exec->arguments, options_.payload.cookie)) return on_exec(*exec);
    if (found != targets_.end()) return on_batch(*exec, found->second);
    // Half mapped by a supervisor that died: there is no way back for it.
    say(exec->thread, "ended: its supervisor died while it was being started");
    kill(exec->thread, SIGKILL);
}

void Supervisor::on_exec(ExecNotification const& exec) {
    ExecPath file = exec.thread == 0 ? ExecPath{{}, true} : read_exec_path(exec);
    bool attached = false;
    if (!file.is_missing) {
        attached = Tracee::seize(exec.thread);
        if (!attached)
            say(exec.thread, file.path + " runs without our vDSO: " +
                                 Failure::of_errno("it cannot be attached to").reason());
    }
    if (attached)
        targets_.insert_or_assign(
            exec.thread, Target{Stage::awaiting_exec, Injection(exec.thread, options_.payload),
                                std::move(file.path)});
    listener_.let_run(exec.id);
    // Should the exec fail, this is how we hear of it.
    if (attached) ptrace(PTRACE_INTERRUPT, exec.thread, nullptr, nullptr);
}

void Supervisor::on_batch(ExecNotification const& exec, Target& target) {
    if (target.stage == Stage::mapping) {
        int const image = listener_.add_file(exec.id, options_.payload.image_file);
        int const time = listener_.add_file(exec.id, options_.payload.time_file);
        // Without the files the batch's own calls fail, and finish() says why.
        Failure const failure = target.injection.continue_with(image, time);
        if (failure) say(exec.thread, failure.reason());
        target.stage = Stage::ending;
        listener_.answer_zero(exec.id);
        return;
    }
    target.injection.tracee().interrupt();
    listener_.answer_zero(exec.id);
}

void Supervisor::on_children() {
    int status = 0;
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL | WNOHANG)) > 0;) {
        if (WIFSTOPPED(status))
            on_stop(thread, status);
        else
            targets_.erase(thread);
    }
}

void Supervisor::on_stop(pid_t thread, int status) {
    if (event_of(status) == PTRACE_EVENT_EXEC) return on_exec_stop(thread);
    auto const found = targets_.find(thread);
    if (found == targets_.end()) {
        ptrace(PTRACE_DETACH, thread, nullptr, nullptr);
        return;
    }
    Target& target = found->second;
    int const signal = WSTOPSIG(status);
    if (target.stage == Stage::awaiting_exec) {
        // Back from an exec that failed, perhaps with a signal to take.
        bool const delivers = event_of(status) == 0;
        ptrace(PTRACE_DETACH, thread, nullptr, delivers ? signal : 0);
        targets_.erase(found);
        return;
    }
    bool const interrupted = event_of(status) == PTRACE_EVENT_STOP && signal == SIGTRAP;
    if (target.stage == Stage::ending && interrupted) return on_batch_end(thread, target);
    // Only SIGSTOP comes through the mask.
    if (event_of(status) == 0 && signal == SIGSTOP) target.was_stopped = true;
    target.injection.tracee().go_on();
}

void Supervisor::on_exec_stop(pid_t thread) {
    // A thread that execs takes its process's id.
    unsigned long former = static_cast<unsigned long>(thread);
    ptrace(PTRACE_GETEVENTMSG, thread, nullptr, &former);
    auto found = targets_.find(static_cast<pid_t>(former));
    if (found == targets_.end()) {
        ptrace(PTRACE_DETACH, thread, nullptr, nullptr);
        return;
    }
    std::string path = std::move(found->second.path);
    targets_.erase(found);
    found = targets_
                .insert_or_assign(
                    thread,
                    Target{Stage::mapping, Injection(thread, options_.payload), std::move(path)})
                .first;
    if (Failure failure = found->second.injection.start()) let_go(thread, failure);
}

void Supervisor::on_batch_end(pid_t thread, Target& target) {
    let_go(thread, target.injection.finish());
}

void Supervisor::let_go(pid_t thread, Failure const& failure) {
    Target const& target = targets_.at(thread);
    if (failure) {
        say(thread, target.path + " runs without our vDSO: " + failure.reason());
    } else if (options_.verbose) {
        char base[32];
        std::snprintf(base, sizeof base, "0x%llx",
                      static_cast<unsigned long long>(target.injection.base()));
        say(thread, target.path + " has our vDSO at " + base);
    }
    if (target.was_stopped) kill(thread, SIGSTOP);
    ptrace(PTRACE_DETACH, thread, nullptr, nullptr);
    targets_.erase(thread);
}

}  // namespace vdsokit::on_linux
