// SPDX-License-Identifier: BSD-2-Clause
// Watches one tree of processes: at each exec it attaches for a moment, has our image mapped, and
// lets go. Between execs nothing of it is in the way. Runs in a process of its own, one thread.
//
//   notified of an execve -> file is there? seize, let it run -> it stops at its new image
//     -> batch (injection.h), two more notifications -> stopped again -> detach
//   the exec fails -> it stops on its way back, because we asked it to -> detach
#pragma once

#include <map>
#include <string>

#include "hosts/linux/exec_filter.h"
#include "hosts/linux/injection.h"

namespace vdsokit::on_linux {

class ControlServer;

class Supervisor {
public:
    struct Options {
        int listener;
        Payload payload;
        bool verbose;  // a line for each exec
    };
    // `control` answers `vdsokit set`; it outlives the supervisor.
    Supervisor(Options const& options, ControlServer& control)
        : options_(options), listener_(options.listener), control_(control) {}

    // Returns when the last process of the tree is gone.
    void run();

private:
    enum class Stage : u8 { awaiting_exec, mapping, ending };
    struct Target {
        Stage stage;
        Injection injection;
        std::string path;
        bool was_stopped = false;  // a SIGSTOP came while the batch ran; it is due again
    };

    void on_notification();
    void on_exec(ExecNotification const& exec);
    void on_batch(ExecNotification const& exec, Target& target);
    void on_children();
    void on_stop(pid_t thread, int status);
    void on_exec_stop(pid_t thread);
    void on_batch_end(pid_t thread, Target& target);
    // Detaches, and says so.
    void let_go(pid_t thread, Failure const& failure);
    void say(pid_t thread, std::string const& text) const;

    Options options_;
    ExecListener listener_;
    ControlServer& control_;
    std::map<pid_t, Target> targets_;
};

}  // namespace vdsokit::on_linux
