// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/ids.h"

namespace vdsokit::personality {

namespace {

constexpr u32 buckets = 256;
constinit List<Process, ByProcessId> processes[buckets];
constinit List<Process, InIdOrder> in_order;
constinit List<Thread, ByThreadId> threads[buckets];

constinit i32 last_id = 0;
constinit bool has_wrapped = false;
// Reserved after the first round, as in Linux, so that early services keep telling numbers.
constexpr i32 first_after_wrap = 300;

u32 bucket_of(i32 id) { return static_cast<u32>(id) % buckets; }

bool is_free(i32 id) {
    if (Thread::find(id) != nullptr || Process::find(id) != nullptr) return false;
    for (Process& process : in_order)
        if (process.group_id() == id || process.session == id) return false;
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

void add_process_id(Process& process) {
    processes[bucket_of(process.id())].push_back(process);
    // A new id is the highest, but for those that follow a wrap.
    Process* above = nullptr;
    for (Process* at = in_order.back(); at != nullptr && at->id() > process.id();
         at = in_order.before(*at))
        above = at;
    if (above == nullptr)
        in_order.push_back(process);
    else
        in_order.insert_before_item(*above, process);
}

void remove_process_id(Process& process) {
    static_cast<Link<ByProcessId>&>(process).unlink();
    static_cast<Link<InIdOrder>&>(process).unlink();
}

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

Process* Process::next() { return in_order.after(*this); }

Process* Process::next_after(i32 id) {
    if (Process* const process = find(id)) return in_order.after(*process);
    for (Process& process : in_order)
        if (process.id() > id) return &process;
    return nullptr;
}

}  // namespace vdsokit::personality
