// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/lifecycle.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/pool.h"
#include "hosts/personality/process/futex.h"
#include "hosts/personality/process/ids.h"
#include "hosts/personality/process/relations.h"

namespace vdsokit::personality {

namespace {

constinit Pool<Process> process_pool;
constinit Pool<Thread> thread_pool;
// Ended threads need no attention any more, so its link serves.
constinit List<Thread, NeedsAttention> ended;
constinit u64 live_threads = 0;

}  // namespace

Process* make_process(i32 id, Process* parent) {
    Process* const process = process_pool.make(id, parent);
    if (process == nullptr) return nullptr;
    add_process_id(*process);
    if (parent != nullptr) parent->children.push_back(*process);
    return process;
}

void destroy_process(Process& process) {
    remove_process_id(process);
    static_cast<Link<Siblings>&>(process).unlink();
    ProcessGroup::leave(process);
    process_pool.free(&process);
}

Thread* make_thread(Process& process, i32 id) {
    Thread* const thread = thread_pool.make(process, id);
    if (thread == nullptr) return nullptr;
    process.threads.push_back(*thread);
    if (thread->create(process.memory().space())) {
        live_threads += 1;
        return thread;
    }
    static_cast<Link<InProcess>&>(*thread).unlink();
    static_cast<Link<ByThreadId>&>(*thread).unlink();
    thread_pool.free(thread);
    return nullptr;
}

u64 thread_count() { return live_threads; }

void leave_memory(Thread& thread) {
    leave_robust_list(thread);
    Memory& memory = thread.process().memory();
    VirtualAddress const word = thread.clear_on_exit;
    thread.clear_on_exit = {0};
    if (word.value == 0 || !memory.store(word, u32{0})) return;
    wake_futex(memory, word, 1);
}

void end_thread(Thread& thread) {
    leave_memory(thread);
    leave_futex(thread);
    leave_wait(thread);
    thread.process().ended_run_time += thread.run_time();
    static_cast<Link<InProcess>&>(thread).unlink();
    static_cast<Link<ByThreadId>&>(thread).unlink();
    static_cast<Link<NeedsAttention>&>(thread).unlink();
    thread.mark_gone();
    live_threads -= 1;
    thread.update_run();
    thread.owes_destroy = &thread == current_thread();
    if (!thread.owes_destroy) thread.destroy();
    ended.push_back(thread);
}

void reap_ended() {
    while (Thread* const thread = ended.pop_front()) {
        if (thread->owes_destroy) thread->destroy();
        if (thread->last_memory != nullptr) thread->last_memory->release();
        thread_pool.free(thread);
    }
}

void release_vfork_parent(Process& child) {
    if (!child.parent_waits_for_exec) return;
    child.parent_waits_for_exec = false;
    wake(vfork_key(child));
}

}  // namespace vdsokit::personality
