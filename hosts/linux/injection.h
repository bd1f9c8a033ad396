// SPDX-License-Identifier: BSD-2-Clause
// Gives one process our image between its exec and its first instruction. The process is seized and
// stopped at PTRACE_EVENT_EXEC; a batch of system calls at its entry point maps
//
//     [code, r-x, private][time page, r--, shared, sealed][chain page, r--, private]
//
// and its first and last call are execve calls that our own filter notifies us of: at the first the
// two files are put into the process (nothing of it is left behind if an exec fails), at the last
// the batch is over. No signal is involved: all are blocked while the batch runs, and stay pending.
#pragma once

#include <optional>

#include "hosts/linux/batch.h"
#include "hosts/linux/failure.h"
#include "hosts/linux/initial_auxv.h"
#include "hosts/linux/tracee.h"

namespace vdsokit::on_linux {

// What is injected; the same for every process of a tree.
struct Payload {
    int image_file;  // memfd: the code pages, sealed
    int time_file;   // memfd: the time page, sealed against writing by others
    u64 code_bytes;
    u64 time_bytes;
    u64 page_size;  // of the chain page
    u64 cookie;     // marks the batch's own execve calls; random, one for a tree
};

// Whether a notified execve is one of a batch's: no path, and the tree's cookie.
constexpr bool is_batch_mark(u64 const (&arguments)[6], u64 cookie) {
    return arguments[0] == 0 && arguments[1] == cookie;
}

class Injection {
public:
    Injection(pid_t thread, Payload const& payload) : tracee_(thread), payload_(payload) {}

    Tracee& tracee() { return tracee_; }

    // Precondition: stopped at PTRACE_EVENT_EXEC. On success the process runs the batch; on failure
    // it is as it was, still stopped.
    Failure start();
    // The batch's first execve was notified: the files are in the process as these descriptors.
    Failure continue_with(int image_descriptor, int time_descriptor);
    // The batch is over and the process is stopped. Puts back what was changed; on success the
    // auxiliary vector names our image. On failure the process is as it was at exec.
    Failure finish();

    u64 base() const { return base_; }

private:
    // What each call of the batch is for; the first and the last are its marks.
    static constexpr u32 mark_begin = 0, map_code = 1, map_time = 2, map_chain = 3, close_image = 4,
                         close_time = 5, set_auxv = 6, mark_end = 7, call_count = 8;

    Failure prepare();
    Failure write_chain() const;
    bool restore() const;

    Tracee tracee_;
    Payload payload_;
    arch::TraceeRegisters registers_{};
    u64 signal_mask_ = 0;
    u8 code_[sizeof arch::batch_code]{};
    u64 base_ = 0;
    u64 kernel_vdso_ = 0;
    u64 table_at_ = 0;
    InitialAuxv auxv_;
    BatchCall calls_[call_count]{};
};

}  // namespace vdsokit::on_linux
