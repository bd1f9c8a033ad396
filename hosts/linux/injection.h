// SPDX-License-Identifier: BSD-2-Clause
// Gives one process our image between its exec and its first instruction:
//
//     [code, r-x, private][time page, chain page, r--, shared, sealed][the kernel's pages]
//
// At PTRACE_EVENT_EXEC we prepare a batch of steps (batch.h) and let the process go for good; it
// maps all this by itself. Its first call is an execve that our own filter notifies us of: then the
// file is put into it, so that nothing is left behind by an exec that fails. Where the batch failed
// or a word about its success is wanted, its last call is another. No signal is involved: a process
// that has just been executed has no handler to be called.
#pragma once

#include <string>

#include "hosts/linux/failure.h"
#include "hosts/linux/tracee.h"

namespace vdsokit::on_linux {

// What is injected; the same for every process of a tree.
struct Payload {
    int file;        // a TreeFile's
    u64 code_bytes;  // of the file, and of the map
    u64 page_bytes;  // of a time page: what the image was built for
    u64 cpu_page;    // of the chain page
    u64 cookie;      // marks the batch's own execve calls; random, one for a tree
};

enum class MarkKind : u64 { wants_file = 0, is_done = 1, has_failed = 2 };

// A notified execve that is one of a batch's: no path, and the tree's cookie. What else it says was
// written by us, but may have been changed by a hostile process.
struct BatchMark {
    MarkKind kind;
    u64 path_at;   // AT_EXECFN
    u64 base;      // of our image, where it is done
    u64 steps_at;  // where it failed: which call, and why
};
constexpr bool is_batch_mark(u64 const (&arguments)[6], u64 cookie) {
    return arguments[0] == 0 && arguments[1] == cookie;
}
constexpr BatchMark read_mark(u64 const (&arguments)[6]) {
    return {static_cast<MarkKind>(arguments[2]), arguments[3], arguments[4], arguments[5]};
}

struct InjectionOptions {
    u64 time_page;   // which one of the file's: its offset
    bool is_marked;  // a mark when it is done, too
};

// Precondition: stopped at PTRACE_EVENT_EXEC. On success it will run the batch once it is let go; on
// failure it is as it was.
Failure prepare_injection(Tracee const& tracee, Payload const& payload,
                          InjectionOptions const& options);

// Why the batch of a process that waits in its mark has failed.
std::string reason_of_failure(pid_t thread, BatchMark const& mark);

}  // namespace vdsokit::on_linux
