// SPDX-License-Identifier: BSD-2-Clause
// Whose turn it is on the one CPU, and how long each has had it. Those that may run stand in a
// circle; the one whose turn it is runs until it is taken out or the turn passes on.
#pragma once

#include "arch/types.h"

namespace vdsokit::machine {

// A part of what runs: a thread.
class Runnable {
private:
    friend class RunQueue;
    Runnable* next_ = nullptr;  // nullptr: not in the circle
    Runnable* previous_ = nullptr;
    u64 cycles_run_ = 0;
};

class RunQueue {
public:
    void add(Runnable& one);
    void remove(Runnable& one);
    // It is about to be no more.
    void forget(Runnable& one);
    // The next one's turn begins.
    void pass_on();
    // nullptr: none may run.
    Runnable* turn() const { return turn_; }

    // The one that ran last; nullptr: none, or it is no more. What the host does counts for it
    // until another one runs. `now` is in counter cycles.
    Runnable* running() const { return running_; }
    void set_running(Runnable* one, Cycles now);
    u64 cycles_run(Runnable const& one, Cycles now) const;

private:
    Runnable* turn_ = nullptr;
    Runnable* running_ = nullptr;
    u64 charged_until_ = 0;  // when cycles_run_ of running_ was last brought up to date
};

// Without a sum that could wrap.
constexpr u64 nanoseconds_of(u64 cycles, u64 frequency) {
    constexpr u64 second = 1'000'000'000;
    return cycles / frequency * second + cycles % frequency * second / frequency;
}

}  // namespace vdsokit::machine
