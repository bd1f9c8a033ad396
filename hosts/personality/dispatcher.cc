// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/dispatcher.h"

#include "linux_call.h"

#include "hosts/personality/narrow/translate.h"
#include "hosts/personality/process/delivery.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constinit SystemCallRow const* rows_by_number[Process::counted_calls] = {};

constexpr u64 wait_buckets = 256;
constinit List<Thread, ByWaitKey> waiting[wait_buckets];
constinit List<Thread, NeedsAttention> attention;
constinit Thread* current = nullptr;

List<Thread, ByWaitKey>& bucket_of(WaitKey key) {
    u64 const value = reinterpret_cast<std::uintptr_t>(key.object) + key.detail;
    // Objects lie many bytes apart and pages 4096: both parts of the address must count.
    return waiting[((value >> 4) ^ (value >> 12)) % wait_buckets];
}

void end_temporary_mask(Thread& thread) {
    if (!thread.mask_is_temporary) return;
    thread.mask_is_temporary = false;
    thread.blocked = thread.saved_mask;
    thread.want_attention();
}

void finish(Thread& thread, i64 value) {
    leave_wait(thread);
    arch::set_linux_result(thread.registers(), value);
    end_temporary_mask(thread);
}

void enter_wait(Thread& thread, WaitKey key, u64 deadline) {
    CallState& state = thread.call;
    List<Thread, ByWaitKey>& bucket = bucket_of(key);
    Link<ByWaitKey>& link = thread;
    link.unlink();
    bucket.push_back(thread);
    state.key = key;
    state.deadline = deadline;
    state.waiting = true;
    static_cast<Alarm&>(thread).set(deadline);
    thread.update_run();
}

void attempt(Thread& thread, bool is_first, bool interrupted) {
    CallState& state = thread.call;
    Call call{.thread = thread,
              .process = thread.process(),
              .arguments = state.arguments,
              .first_attempt = is_first,
              .timed_out = state.timed_out,
              .deadline = state.deadline,
              .progress = state.progress,
              .interrupted = interrupted};
    state.woken = false;
    state.timed_out = false;
    state.follows_realtime = false;
    Outcome const outcome = state.row->call(call);
    if (thread.is_gone()) return;
    if (outcome.is_done()) {
        finish(thread, outcome.value());
    } else if (!outcome.is_waiting()) {
        leave_wait(thread);
    } else {
        enter_wait(thread, outcome.key(), outcome.deadline());
    }
}

void attend(Thread& thread) {
    // What a stopped process has to do, it does when it is continued.
    if (thread.is_gone() || thread.process().stopped) return;
    if (thread.call.waiting && (thread.call.woken || thread.call.timed_out))
        attempt(thread, false, false);
    if (!thread.is_gone()) deliver_signals(thread);
    if (!thread.is_gone()) thread.update_run();
}

}  // namespace

void add_calls(SystemCallRow const* rows, u64 count) {
    for (u64 i = 0; i < count; ++i) {
        if (rows[i].number >= Process::counted_calls) __builtin_trap();
        rows_by_number[rows[i].number] = &rows[i];
    }
}

SystemCallRow const* find_call(u64 number) {
    return number < Process::counted_calls ? rows_by_number[number] : nullptr;
}

u64 count_index(Process const& process, u64 number) {
    if (process.is_narrow()) return narrow_count_index(number);
    return number < Process::counted_calls ? number : Process::counted_calls;
}

SystemCallRow const* row_at(Process const& process, u64 index) {
    return process.is_narrow() ? find_narrow_call(narrow_number_at(index)) : find_call(index);
}

void start_call(Thread& thread) {
    host::Registers const& registers = thread.registers();
    Process& process = thread.process();
    u64 const index = count_index(process, arch::linux_call_number(registers));
    bool const is_counted = index < Process::counted_calls;
    (is_counted ? process.counts[index] : process.counts_beyond) += 1;
    SystemCallRow const* const row = is_counted ? row_at(process, index) : nullptr;
    if (row == nullptr) {
        finish(thread, Outcome::error(Errno::nosys).value());
        return;
    }
    CallState& state = thread.call;
    state.row = row;
    for (u32 i = 0; i < 6; ++i) state.arguments[i] = arch::linux_argument(registers, i);
    state.progress = 0;
    state.deadline = no_deadline;
    state.timed_out = false;
    attempt(thread, true, false);
}

void retry_call(Thread& thread, bool interrupted) { attempt(thread, false, interrupted); }

void abandon_call(Thread& thread, bool restart) {
    leave_wait(thread);
    if (restart)
        arch::restart_linux_call(thread.registers());
    else
        arch::set_linux_result(thread.registers(), Outcome::error(Errno::intr).value());
}

void leave_wait(Thread& thread) {
    if (!thread.call.waiting) return;
    thread.call.waiting = false;
    static_cast<Link<ByWaitKey>&>(thread).unlink();
    static_cast<Alarm&>(thread).clear();
    thread.update_run();
}

void wake(WaitKey key) {
    for (Thread& thread : bucket_of(key)) {
        if (thread.call.key != key) continue;
        thread.call.woken = true;
        thread.want_attention();
    }
}

void rerun_realtime_waits() {
    for (List<Thread, ByWaitKey>& bucket : waiting) {
        for (Thread& thread : bucket) {
            if (!thread.call.follows_realtime) continue;
            thread.call.woken = true;
            thread.want_attention();
        }
    }
}

void settle() {
    while (Thread* const thread = attention.pop_front()) attend(*thread);
}

void Thread::want_attention() {
    Link<NeedsAttention>& link = *this;
    if (!link.is_linked() && !gone_) attention.push_back(*this);
}

Thread* current_thread() { return current; }
void set_current_thread(Thread* thread) { current = thread; }

}  // namespace vdsokit::personality
