// SPDX-License-Identifier: BSD-2-Clause
// A process: its threads, memory, files, handlers and relations. Objects of it stay until the
// parent has waited for them; a zombie has no memory and no files.
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/list.h"
#include "hosts/personality/process/group.h"
#include "hosts/personality/process/limits.h"
#include "hosts/personality/process/signal.h"
#include "hosts/personality/process/thread.h"
#include "hosts/personality/process/time_group.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Descriptors;  // files/: open files, current directory, umask (retain, release, fork)
class Memory;
class File;
class Timers;

// What exec made, ready to run. References to `memory` and `executable` pass to the process.
struct NewImage {
    Memory* memory;
    File* executable;
    VirtualAddress entry;
    VirtualAddress stack;
    // The `mov x8, #139; svc #0` to which a handler without a restorer returns: the vDSO's, or any
    // other executable copy that exec mapped.
    VirtualAddress signal_return;
    u64 const* auxv;  // copied; pairs, the last one AT_NULL
    u64 auxv_words;
    char const* name;  // the last part of the path, for prctl, /proc/.../comm
};

// How it ended or stopped, as wait() encodes it.
struct ExitStatus {
    u8 code = 0;
    u8 signal = 0;
    u32 wait_status() const { return signal != 0 ? signal : u32{code} << 8; }
    u32 shell_status() const { return signal != 0 ? 128u + signal : code; }
};

struct ByProcessId;
struct InIdOrder;
struct Siblings;

class Process final : public Link<ByProcessId>,
                      public Link<InIdOrder>,
                      public Link<Siblings>,
                      public Link<InGroup> {
public:
    static constexpr u64 auxv_capacity = 64;   // words
    static constexpr u32 counted_calls = 480;  // numbers below are counted one by one

    i32 id() const { return id_; }
    i32 parent_id() const { return parent == nullptr ? 0 : parent->id(); }
    i32 group_id() const { return group->id(); }
    i32 session_id() const { return session; }
    Memory& memory() { return *memory_; }
    Descriptors& descriptors() { return *descriptors_; }
    File* executable() { return executable_; }  // /proc/self/exe; nullptr before the first exec
    u64 const* auxv(u64& words) const {         // /proc/self/auxv
        words = auxv_words_;
        return auxv_;
    }
    char const* name();  // its first thread's
    Limit& limit(Resource resource) { return limits[static_cast<u32>(resource)]; }
    bool is_zombie() const { return zombie; }
    // It runs a 32-bit program.
    bool is_narrow() const;

    // nullptr: there is none. Zombies are found.
    static Process* find(i32 id);
    // All of them, by rising id: the one after `id`, nullptr at the end (/proc, kill -1).
    static Process* next_after(i32 id);
    // The same, at once, for loops in which no process goes: each end of a process has some.
    Process* next();

    // To each process of a group (the terminal's ^C), or to this one. What the signal does happens
    // when the present event has been handled, not inside these.
    static void signal_group(i32 group_id, i32 signal_number);
    static void signal_group(i32 group_id, SignalInfo const& info);
    void signal(i32 signal_number);
    void signal(SignalInfo const& info);
    void signal(SignalInfo const& info, Thread& thread);
    // Nobody could continue it when it is stopped from the terminal.
    bool group_is_orphaned() const { return group->is_orphaned(); }
    // True when the process neither blocks nor ignores the signal in `thread` (SIGTTIN, SIGTTOU).
    bool would_act_on(i32 signal_number, Thread const& thread);

    // exec's point of no return: other threads end, handlers are reset, descriptors marked so are
    // closed, the registers are set to start `image`. False: out of memory, nothing was done and
    // the references in `image` remain the caller's. Afterwards: Outcome::leave_registers().
    [[nodiscard]] bool become(Thread& caller, NewImage const& image);

    // What follows belongs to the dispatcher and process/.
    Process(i32 id, Process* parent_process);
    // Process 1 and its thread, with no image yet. nullptr: out of memory.
    static Thread* create_first(Memory* memory, Descriptors* descriptors);
    // Ends every thread and makes a zombie of it.
    void exit(ExitStatus how);
    void thread_exit(Thread& thread, u8 code);
    // Memory, files and handlers of one that is being made; each may be given once.
    void adopt(Memory* memory, Descriptors* descriptors, SignalActions* actions);
    void copy_image_facts(Process const& from);
    // Its memory shows that group's page already.
    void join_time_group(TimeGroup* to);
    void release_holdings();
    void set_stopped(bool value);
    u64 run_time();  // ns, of its threads that ended and those that live

    Process* parent;
    List<Process, Siblings> children;
    List<Thread, InProcess> threads;
    ProcessGroup* group = nullptr;  // nullptr only while it is being made
    i32 session = 0;
    i32 exit_signal = signal_number::child;
    SignalActions* actions = nullptr;
    PendingSignals pending;
    Timers* timers = nullptr;           // made when the first is asked for
    HeldTimeGroup time_group;           // whose clocks it reads
    HeldTimeGroup children_time_group;  // in which its children begin, and it itself after an exec
    Limit limits[resource_count]{};
    ExitStatus status{};
    bool zombie = false;
    bool stopped = false;            // changed by set_stopped() alone
    bool counts_as_stopped = false;  // the group's: what its counts have of this process
    bool counts_as_tie = false;
    bool has_run_exec = false;           // setpgid by the parent is refused from then on
    bool parent_waits_for_exec = false;  // vfork
    bool stop_unreported = false;        // a wait(WUNTRACED) has not seen it
    bool continue_unreported = false;
    bool is_subreaper = false;
    i32 stop_signal = 0;
    i32 parent_death_signal = 0;
    u64 ended_run_time = 0;     // of threads that ended
    u64 children_run_time = 0;  // of children that were waited for
    u64 personality_flags = 0;
    VirtualAddress signal_return{0};
    u32 counts[counted_calls]{};  // calls made since exec
    u32 counts_beyond = 0;

private:
    i32 id_;
    Memory* memory_ = nullptr;
    Descriptors* descriptors_ = nullptr;
    File* executable_ = nullptr;
    u64 auxv_words_ = 0;
    u64 auxv_[auxv_capacity] = {};
};

}  // namespace vdsokit::personality
