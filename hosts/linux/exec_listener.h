// SPDX-License-Identifier: BSD-2-Clause
// The supervisor's end of the filter: who waits in an execve, and what is to become of it.
#pragma once

#include <sys/types.h>

#include <optional>

#include "arch/types.h"
#include "hosts/linux/failure.h"

namespace vdsokit::on_linux {

// One exec call that waits for our answer.
struct ExecNotification {
    u64 id;
    pid_t thread;       // 0: in a pid namespace that we cannot see
    u32 number;         // of the call
    bool by_directory;  // execveat
    bool is_native;     // by the machine's own calling convention, as a batch makes its calls
    u64 arguments[6];
};

// A taken notification that nobody answers would keep its process waiting for ever: the kernel tells
// it once. So it is received into memory that a supervisor shares with its successors.
class ExecListener {
public:
    // Called before the first supervisor is forked.
    Failure prepare();
    void listen_to(int listener);

    // What a supervisor that died has left unanswered.
    std::optional<ExecNotification> unanswered() const;
    // nullopt: nobody waits any more (it died between), or an error.
    std::optional<ExecNotification> receive();
    // Each ends the wait. The system call is made as it was asked for; or it is not made and
    // returns 0; or it returns the number under which the process now has `file`, close-on-exec.
    void let_run(u64 id);
    void answer_zero(u64 id);
    void answer_with_file(u64 id, int file);

private:
    void respond(u64 id, u32 flags, i32 error);

    int listener_ = -1;
    u8* buffer_ = nullptr;  // a seccomp_notif as long as the kernel has it
    u64 bytes_ = 0;
};

}  // namespace vdsokit::on_linux
