// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>
#include <iterator>
#include <vector>

#include "hosts/linux/control_server.h"
#include "hosts/linux/process_status.h"

namespace vdsokit::on_linux {

namespace {

// Between two looks at an exec that may not be disturbed.
constexpr long patience_ns = 20'000'000;

constexpr int event_of(int status) { return status >> 16; }

std::string path_of(ExecNotification const& exec) {
    return read_string(exec.thread, exec.arguments[exec.by_directory ? 1 : 0]);
}

Descriptor block_and_poll_children() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, nullptr);
    return Descriptor(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

// Ours would keep a pipe open that its reader waits on.
void Supervisor::say(pid_t thread, std::string const& text) const {
    Descriptor const process(static_cast<int>(syscall(SYS_pidfd_open, process_of(thread), 0)));
    if (!process) return;
    Descriptor const errors(
        static_cast<int>(syscall(SYS_pidfd_getfd, process.number(), STDERR_FILENO, 0)));
    if (errors) dprintf(errors.number(), "vdsokit: pid %d: %s\n", thread, text.c_str());
}

Supervisor::End Supervisor::run() {
    Descriptor const signals = block_and_poll_children();
    timer_ = Descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    listener_.listen_to(options_.listener);
    if (auto const left = listener_.unanswered()) answer(*left);
    std::vector<pollfd> polled;
    for (;;) {
        polled = {{options_.listener, POLLIN, 0},
                  {signals.number(), POLLIN, 0},
                  {timer_.number(), POLLIN, 0},
                  {options_.guardian, POLLIN, 0}};
        control_.add_to(polled);
        if (poll(polled.data(), polled.size(), clock_.milliseconds_to_follow()) < 0) continue;
        // Stops first: a process that we let go may be the next to notify.
        if ((polled[1].revents & POLLIN) != 0) {
            signalfd_siginfo infos[8];
            [[maybe_unused]] auto const taken = read(signals.number(), infos, sizeof infos);
            on_children();
        }
        if ((polled[0].revents & POLLIN) != 0)
            if (auto const exec = listener_.receive()) answer(*exec);
        if ((polled[2].revents & POLLIN) != 0) end_patience();
        clock_.follow();
        control_.serve(polled);
        if ((polled[0].revents & POLLHUP) != 0) return End::tree;
        // Whoever is attached would be left alone by our successor.
        if (polled[3].revents != 0 && attached_.empty()) return End::guardian;
    }
}

// One timer for all: it runs once for those of one period, which end in the next.
void Supervisor::start_patience() {
    if (is_timed_) return;
    itimerspec const once{{0, 0}, {0, patience_ns}};
    timerfd_settime(timer_.number(), 0, &once, nullptr);
    is_timed_ = true;
}

void Supervisor::end_patience() {
    u64 expirations = 0;
    [[maybe_unused]] auto const taken = read(timer_.number(), &expirations, sizeof expirations);
    is_timed_ = false;
    bool is_waiting = false;
    for (auto at = attached_.begin(); at != attached_.end();) {
        auto& [thread, exec] = *at;
        bool const is_due = !exec.is_asked && exec.is_overdue;
        exec.is_overdue = true;
        // Where another thread has executed a program, this one is no more.
        bool const is_gone = is_due && !is_in_exec(thread) && !Tracee(thread).interrupt();
        is_waiting = is_waiting || (!exec.is_asked && !is_gone);
        at = is_gone ? attached_.erase(at) : std::next(at);
    }
    if (is_waiting) start_patience();
}

void Supervisor::answer(ExecNotification const& exec) {
    bool const is_mark = exec.is_native && is_batch_mark(exec.arguments, options_.payload.cookie);
    if (is_mark)
        on_mark(exec);
    else
        on_exec(exec);
}

void Supervisor::on_exec(ExecNotification const& exec) {
    if (exec.thread != 0 && attached_.count(exec.thread) == 0) {
        if (Tracee const tracee(exec.thread); tracee.seize()) {
            // Our registers of a 32-bit process do not let us have it try again.
            bool const is_asked = gave_up_.erase(exec.thread) == 0 && exec.is_native;
            attached_.emplace(exec.thread,
                              Attached{exec.number, exec.arguments[0], is_asked, false});
            // It waits for our answer, which only death ends: it hears of this when it returns.
            if (is_asked)
                tracee.interrupt();
            else
                start_patience();
        } else {
            std::string const reason = why_not_attached(exec.thread);
            say(exec.thread, path_of(exec) + " runs without our vDSO: " + reason);
        }
    }
    listener_.let_run(exec.id);
}

void Supervisor::on_mark(ExecNotification const& exec) {
    BatchMark const mark = read_mark(exec.arguments);
    switch (mark.kind) {
    case MarkKind::wants_file: listener_.answer_with_file(exec.id, options_.payload.file); return;
    case MarkKind::is_done: {
        char base[32];
        std::snprintf(base, sizeof base, "0x%llx", static_cast<unsigned long long>(mark.base));
        say(exec.thread, read_string(exec.thread, mark.path_at) + " has our vDSO at " + base +
                             (asks_for_a_vdso(exec.thread) ? "" : "; it never asks for one"));
        break;
    }
    case MarkKind::has_failed:
        say(exec.thread, read_string(exec.thread, mark.path_at) +
                             " runs without our vDSO: " + reason_of_failure(exec.thread, mark));
        break;
    }
    listener_.answer_zero(exec.id);
}

void Supervisor::on_children() {
    int status = 0;
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL | WNOHANG)) > 0;) {
        if (WIFSTOPPED(status))
            on_stop(thread, status);
        else
            attached_.erase(thread);
        if (attached_.empty()) return;
    }
}

void Supervisor::on_stop(pid_t thread, int status) {
    if (event_of(status) == PTRACE_EVENT_EXEC) return on_exec_stop(thread);
    if (event_of(status) == PTRACE_EVENT_STOP) return on_failed(thread);
    // A signal that it is to take, before or behind an exec that failed.
    Tracee(thread).let_go(WSTOPSIG(status));
    attached_.erase(thread);
}

void Supervisor::on_failed(pid_t thread) {
    Tracee const tracee(thread);
    auto const exec = attached_.find(thread);
    bool const was_asked = exec != attached_.end() && exec->second.is_asked;
    if (auto registers = tracee.registers(); registers && was_asked) {
        i64 const result = arch::call_result(*registers);
        // The kernel's own numbers for "once more" reach nobody but a debugger.
        // [Linux include/linux/errno.h]
        if (result == -EINTR || (result <= -512 && result >= -516)) gave_up_.insert(thread);
        if (result == -EINTR) {
            arch::repeat_call(*registers, exec->second.number, exec->second.first_argument);
            tracee.set_registers(*registers);
        }
    }
    tracee.let_go();
    attached_.erase(thread);
}

void Supervisor::on_exec_stop(pid_t thread) {
    Tracee const tracee(thread);
    // A thread that execs takes its process's id.
    attached_.erase(thread);
    if (!attached_.empty()) attached_.erase(tracee.former_thread());
    u64 const page = clock_.page_offset(!clock_.is_counting() || is_in_our_time(thread));
    Failure const failure = prepare_injection(tracee, options_.payload, {page, options_.verbose});
    if (failure) say(thread, program_of(thread) + " runs without our vDSO: " + failure.reason());
    tracee.let_go();
}

}  // namespace vdsokit::on_linux
