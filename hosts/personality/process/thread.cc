// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/thread.h"

#include "hosts/personality/process/ids.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

void ring_thread(Alarm& alarm) {
    auto& thread = static_cast<Thread&>(alarm);
    thread.call.timed_out = true;
    thread.want_attention();
}

}  // namespace

Thread::Thread(Process& process, i32 id) : Alarm(ring_thread), process_(process), id_(id) {
    add_thread_id(*this);
}

void Thread::set_id(i32 id) {
    static_cast<Link<ByThreadId>&>(*this).unlink();
    id_ = id;
    add_thread_id(*this);
}

void Thread::set_name(char const* name) {
    u64 at = 0;
    for (; at + 1 < name_size && name[at] != 0; ++at) name_[at] = name[at];
    for (; at < name_size; ++at) name_[at] = 0;
}

void Thread::use_temporary_mask(SignalSet mask) {
    if (!mask_is_temporary) {
        mask_is_temporary = true;
        saved_mask = blocked;
    }
    blocked.bits = mask.bits & ~unblockable;
    want_attention();
}

void Thread::update_run() {
    bool const runs = !gone_ && !call.waiting && !process_.stopped;
    if (runs == runs_) return;
    runs_ = runs;
    if (runs)
        run();
    else
        stop();
}

}  // namespace vdsokit::personality
