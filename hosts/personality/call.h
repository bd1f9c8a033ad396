// SPDX-License-Identifier: BSD-2-Clause
// One system call being made: who, with what, and how far it has come.
#pragma once

#include "arch/types.h"
#include "hosts/personality/outcome.h"
#include "kit/core/memory.h"

namespace vdsokit::personality {

class Process;
class Thread;

struct Call {
    Thread& thread;
    Process& process;
    u64 const* arguments;     // six
    bool first_attempt;       // false when run again after a wait
    bool timed_out;           // the deadline has passed: finish now
    u64 deadline;             // of the first attempt; no_deadline before it is set
    u64& progress;            // 0 at the first attempt; kept between attempts (bytes moved, ...)
    bool interrupted = false; // a signal is due: answer with what has been done so far; a wait now
                              // becomes EINTR, or the call is made again after the handler

    u64 argument(u32 at) const { return arguments[at]; }
    // The low 32 bits, as the kernel takes an int.
    i32 number(u32 at) const { return static_cast<i32>(static_cast<u32>(arguments[at])); }
    kit::VirtualAddress address(u32 at) const { return {arguments[at]}; }
};

using SystemCall = Outcome (*)(Call&);

// A row of the system call table: each folder (process/, memory/, files/) has one table of its own
// rows, in <folder>/calls.h: `extern SystemCallRow const process_calls[]; extern u64 const ..._count`.
struct SystemCallRow {
    u32 number;          // asm-generic/unistd.h
    char const* name;    // as in the stats line
    SystemCall call;
};

// Runs every thread that waits for the key again, when the present event has been handled.
void wake(WaitKey key);

// A host message, shown with --verbose only; a failure that the user must see is shown always.
void message(char const* text);

}  // namespace vdsokit::personality
