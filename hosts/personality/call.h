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
    u64 const* arguments;      // six
    bool first_attempt;        // false when run again after a wait
    bool timed_out;            // the deadline has passed: finish now
    u64 deadline;              // of the first attempt; no_deadline before it is set
    u64& progress;             // 0 at the first attempt; kept between attempts (bytes moved, ...)
    bool interrupted = false;  // a signal will be handled: answer with what is done so far, or wait
                               // again, which then ends as the row's OnSignal says

    u64 argument(u32 at) const { return arguments[at]; }
    // The low 32 bits, as the kernel takes an int.
    i32 number(u32 at) const { return static_cast<i32>(static_cast<u32>(arguments[at])); }
    kit::VirtualAddress address(u32 at) const { return {arguments[at]}; }
};

using SystemCall = Outcome (*)(Call&);

// What becomes of a waiting call when a signal handler is about to run. Without a handler (stop and
// continue) it waits on in every case.
enum class OnSignal : u8 {
    restart,  // made again after the handler if that has SA_RESTART, else EINTR: read, wait4
    fail,     // EINTR always: poll, nanosleep, sigsuspend
    wait_on,  // the signal waits until the call has finished: vfork
};

// A row of the system call table: each folder (process/, memory/, files/) has one table of its own
// rows, in <folder>/calls.h: `extern SystemCallRow const process_calls[]; extern u64 const ..._count`.
struct SystemCallRow {
    u32 number;        // asm-generic/unistd.h
    char const* name;  // as in the stats line
    SystemCall call;
    OnSignal on_signal = OnSignal::restart;
};

// Runs every thread that waits for the key again, when the present event has been handled.
void wake(WaitKey key);

// A host message, shown with --verbose only; a failure that the user must see is shown always.
void message(char const* text);

}  // namespace vdsokit::personality
