// SPDX-License-Identifier: BSD-2-Clause
// Watches one tree of processes: at each exec it attaches for a moment, prepares what maps our image,
// and lets go. Between execs nothing of it is in the way. Runs in a process of its own, one thread.
//
//   notified of an execve -> seize, let it run -> it stops at its new image
//     -> injection.h, detach -> notified by the batch: it gets the file
//   the exec fails -> it stops as it returns, because we asked it to before it began -> detach
//   it gives up because of that (a file system that asks whether a signal waits) -> it tries again, and
//     is asked only when it is found to have failed
//
// It keeps nothing about a process that is not attached, so that another can take its place.
#pragma once

#include <map>
#include <set>
#include <string>

#include "hosts/linux/descriptor.h"
#include "hosts/linux/exec_listener.h"
#include "hosts/linux/injection.h"
#include "hosts/linux/shared_clock.h"

namespace vdsokit::on_linux {

class ControlServer;

class Supervisor {
public:
    struct Options {
        int listener;
        Payload payload;
        int guardian;  // a pidfd of who starts another if we die
        bool verbose;  // a line for each exec
    };
    enum class End : u8 {
        tree,      // the last process of the tree is gone
        guardian,  // nobody would start another
    };
    // `control` answers `vdsokit set`; all of them outlive the supervisor.
    Supervisor(Options const& options, ExecListener& listener, SharedClock& clock,
               ControlServer& control)
        : options_(options), listener_(listener), clock_(clock), control_(control) {}

    End run();

private:
    void answer(ExecNotification const& exec);
    void on_exec(ExecNotification const& exec);
    void on_mark(ExecNotification const& exec);
    void on_children();
    void on_stop(pid_t thread, int status);
    void on_exec_stop(pid_t thread);
    // Stopped behind an exec that failed.
    void on_failed(pid_t thread);
    void start_patience();
    void end_patience();
    // One line on the process's own standard error.
    void say(pid_t thread, std::string const& text) const;

    Options options_;
    ExecListener& listener_;
    SharedClock& clock_;
    ControlServer& control_;
    // What a thread that is attached is about to execute.
    struct Attached {
        u32 number;
        u64 first_argument;
        bool is_asked;    // to stop when the call returns
        bool is_overdue;  // not asked, and in here since before the timer was started
    };
    std::map<pid_t, Attached> attached_;
    std::set<pid_t> gave_up_;  // whose next exec is not to be disturbed
    Descriptor timer_;
    bool is_timed_ = false;
};

}  // namespace vdsokit::on_linux
