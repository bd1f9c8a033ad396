// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/ids.h"

namespace vdsokit::personality {

namespace {

constexpr u32 buckets = 256;
constinit List<Process, ByProcessId> processes[buckets];
constinit List<Thread, ByThreadId> threads[buckets];

constinit i32 last_id = 0;
constinit bool has_wrapped = false;
// Reserved after the first round, as in Linux, so that early services keep telling numbers.
constexpr i32 first_after_wrap = 300;

u32 bucket_of(i32 id) { return static_cast<u32>(id) % buckets; }

bool is_free(i32 id) {
    if (Thread::find(id) != nullptr || Process::find(id) != nullptr) return false;
    for (List<Process, ByProcessId>& bucket : processes)
        for (Process& process : bucket)
            if (process.group == id || process.session == id) return false;
    return true;
}

}  // namespace

i32 choose_id() {
    for (i32 tries = 0; tries < id_limit; ++tries) {
        last_id += 1;
        if (last_id >= id_limit) {
            last_id = first_after_wrap;
            has_wrapped = true;
        }
        // In the first round nothing can bear a number that was never given.
        if (!has_wrapped || is_free(last_id)) return last_id;
    }
    return 0;
}

void add_thread_id(Thread& thread) { threads[bucket_of(thread.id())].push_back(thread); }
void add_process_id(Process& process) { processes[bucket_of(process.id())].push_back(process); }

Thread* Thread::find(i32 id) {
    if (id <= 0) return nullptr;
    for (Thread& thread : threads[bucket_of(id)])
        if (thread.id() == id && !thread.is_gone()) return &thread;
    return nullptr;
}

Process* Process::find(i32 id) {
    if (id <= 0) return nullptr;
    for (Process& process : processes[bucket_of(id)])
        if (process.id() == id) return &process;
    return nullptr;
}

Process* Process::next_after(i32 id) {
    Process* best = nullptr;
    for (List<Process, ByProcessId>& bucket : processes)
        for (Process& process : bucket)
            if (process.id() > id && (best == nullptr || process.id() < best->id()))
                best = &process;
    return best;
}

}  // namespace vdsokit::personality
