// SPDX-License-Identifier: BSD-2-Clause
// The whole personality on the fake host: process 1 is made from an initramfs, and a test makes the
// system calls of its threads by hand. Each test runs in a program of its own.
#pragma once

#include <string>

#include "host.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/personality.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

inline constexpr i64 blocked = -100'000;  // the call has not answered yet
inline constexpr u64 data_start = 0x50'0000;
inline constexpr u64 data_size = u64{64} * 1024;
inline constexpr u64 read_only_page = 0x40'0000;

class Guest {
public:
    // Process 1 exists and its first thread is runnable.
    Guest();
    Thread& first() { return *Thread::find(1); }

    // Makes the call in the thread; its answer, or `blocked`.
    i64 call(Thread& thread, u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0,
             u64 f = 0);
    // The first thread becomes a 32-bit program by execve; its answer.
    i64 run_narrow();
    // As call(), for a thread of such a program: r7 and r0 to r5.
    i64 narrow_call(Thread& thread, u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0,
                    u64 e = 0, u64 f = 0);
    // x0 of a thread that is runnable, or `blocked`.
    i64 answer(Thread& thread);
    // The counter moves on by as many cycles of 1 ns, with the timer interrupts that the
    // personality asked for; a cycle more if one falls on the very end.
    void pass(u64 nanoseconds);

    template <class T>
    void poke(Thread& thread, u64 at, T const& value) {
        if (!thread.process().memory().store({at}, value)) __builtin_trap();
    }
    template <class T>
    T peek(Thread& thread, u64 at) {
        T value;
        if (!thread.process().memory().load(value, {at})) __builtin_trap();
        return value;
    }
    // fork() in the thread; the child's thread.
    Thread& fork(Thread& thread);
    std::string const& errors() { return host::fake_host().output[1]; }
};

// As programs lay them out.
struct UserTimespec {
    i64 seconds, nanoseconds;
};
struct UserItimer {
    i64 interval[2], value[2];
};

// Numbers of system calls, and the few errors that tests name.
namespace nr {
inline constexpr u64 exit = 93, exit_group = 94, waitid = 95, set_tid_address = 96, futex = 98,
                     set_robust_list = 99, nanosleep = 101, setitimer = 103, timer_create = 107,
                     timer_getoverrun = 109, timer_settime = 110, clock_settime = 112,
                     clock_gettime = 113, clock_nanosleep = 115, kill = 129, tgkill = 131,
                     sigaltstack = 132, sigsuspend = 133, sigaction = 134, sigprocmask = 135,
                     sigtimedwait = 137, sigreturn = 139, setpgid = 154, getpid = 172, clone = 220,
                     wait4 = 260, execve = 221, pipe2 = 59, read = 63, write = 64, close = 57;
}
constexpr i64 negative(Errno error) { return -static_cast<i64>(error); }

}  // namespace vdsokit::personality
