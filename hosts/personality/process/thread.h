// SPDX-License-Identifier: BSD-2-Clause
// A thread: the host's half of it, the system call that it is making, its signals.
#pragma once

#include "hosts/personality/alarm.h"
#include "hosts/personality/call.h"
#include "hosts/personality/list.h"
#include "hosts/personality/process/signal.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Memory;
class Process;

// The call that a thread is making. It stands here so that it can be run again.
struct CallState {
    SystemCallRow const* row = nullptr;
    u64 arguments[6] = {};
    u64 progress = 0;
    u64 deadline = no_deadline;
    WaitKey key{};
    bool waiting = false;  // blocked in it; on the list of its key
    bool woken = false;    // run it again
    bool timed_out = false;
    bool follows_realtime = false;
};

struct AlternateStack {
    u64 base = 0;
    u64 size = 0;
    u32 flags = 2;  // SS_DISABLE; the bit SS_AUTODISARM
};

// Standing in the queue of a word. Also a link: it moves to another word's queue by itself.
struct ByFutexWord;
struct FutexWait : Link<ByFutexWord> {
    Thread* thread = nullptr;
    WaitKey word{};
    u32 bits = 0;
};

struct ByThreadId;
struct InProcess;
struct ByWaitKey;
struct NeedsAttention;

class Thread final : public host::Thread,
                     public Alarm,
                     public Link<ByThreadId>,
                     public Link<InProcess>,
                     public Link<ByWaitKey>,
                     public Link<NeedsAttention> {
public:
    static constexpr u64 name_size = 16;

    explicit Thread(Process& process, i32 id);
    static Thread* find(i32 id);

    i32 id() const { return id_; }
    Process& process() const { return process_; }
    char const* name() const { return name_; }
    void set_name(char const* name);  // its first 15 bytes
    bool is_gone() const { return gone_; }

    // For the present system call alone (ppoll, pselect, sigsuspend): the handler of a signal that
    // ends the wait runs first, then the old mask is back. Runs of the call after the first may
    // repeat it.
    void use_temporary_mask(SignalSet mask);
    // The present wait's deadline came from a realtime clock: run again when that is set.
    void follow_realtime() { call.follows_realtime = true; }

    // ns that it has run, the present system call included.
    u64 run_time() { return host::Thread::cpu_time(); }

    // What follows belongs to the dispatcher and process/.
    CallState call;
    SignalSet blocked{};
    SignalSet saved_mask{};
    bool mask_is_temporary = false;
    SignalSet awaited_signals{};  // by sigtimedwait
    PendingSignals pending;
    AlternateStack alternate_stack;
    VirtualAddress clear_on_exit{0};  // CLONE_CHILD_CLEARTID, set_tid_address
    VirtualAddress robust_list{0};
    FutexWait futex;
    Memory* last_memory = nullptr;  // of its process, to release when this thread is freed

    bool owes_destroy = false;  // ended in its own trap; the host's half is still there

    // Runs on when nothing holds it: no wait, no stop of its process.
    void update_run();
    // The dispatcher looks at it before the present event ends.
    void want_attention();
    void set_id(i32 id);
    void mark_gone() { gone_ = true; }

private:
    Process& process_;
    i32 id_;
    bool gone_ = false;
    bool runs_ = false;
    char name_[name_size] = {};
};

}  // namespace vdsokit::personality
