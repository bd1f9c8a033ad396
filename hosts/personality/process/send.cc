// SPDX-License-Identifier: BSD-2-Clause
// Sending: what happens at once, and who is to act on the rest. [Linux kernel/signal.c
// prepare_signal, complete_signal]
#include "hosts/personality/process/send.h"

#include "hosts/personality/process/relations.h"

namespace vdsokit::personality {

namespace {

using namespace signal_number;

constexpr u64 stop_signals = SignalSet::of(stop).bits | SignalSet::of(tstp).bits |
                             SignalSet::of(ttin).bits | SignalSet::of(ttou).bits;

void forget_pending(Process& process, u64 bits) {
    process.pending.remove({bits});
    for (Thread& thread : process.threads) thread.pending.remove({bits});
}

// Stopping and continuing cancel each other when they are sent, blocked or not.
void apply_at_once(Process& process, i32 number) {
    if (number == cont) {
        forget_pending(process, stop_signals);
        if (process.stopped) {
            process.set_stopped(false);
            report_continue(process);
        }
    } else if (number == kill) {
        process.set_stopped(false);
    } else if ((SignalSet::of(number).bits & stop_signals) != 0) {
        forget_pending(process, SignalSet::of(cont).bits);
    }
}

bool can_take(Thread& thread, i32 number) {
    if (thread.blocked.has(number)) return false;
    return !(thread.call.waiting && thread.call.row->on_signal == OnSignal::wait_on);
}

void choose_taker(Process& process, i32 number) {
    for (Thread& thread : process.threads) {
        if (!can_take(thread, number)) continue;
        thread.want_attention();
        return;
    }
    // Each looks for itself: one in vfork may have to die of it.
    for (Thread& thread : process.threads) thread.want_attention();
}

}  // namespace

bool send_signal(Process& process, Thread* target, SignalInfo const& info) {
    if (process.zombie || (target != nullptr && target->is_gone())) return true;
    Thread* const first = target != nullptr ? target : process.threads.front();
    if (first == nullptr) return true;
    apply_at_once(process, info.number);
    if (process.actions->ignores(info.number) && !first->blocked.has(info.number)) return true;

    PendingSignals& pending = target != nullptr ? target->pending : process.pending;
    bool const is_queued = info.number >= realtime_first;
    if (is_queued && pending.count() >= process.limit(Resource::pending_signals).soft) return false;
    if (!pending.add(info)) return false;
    wake_signal_waiters(process, info.number);
    if (target != nullptr)
        target->want_attention();
    else
        choose_taker(process, info.number);
    return true;
}

void wake_signal_waiters(Process& process, i32 number) {
    for (Thread& thread : process.threads)
        if (thread.awaited_signals.has(number)) wake(signal_wait_key(thread));
}

void Process::signal(i32 number) {
    SignalInfo info;
    info.number = number;
    info.code = signal_code::kernel;
    signal(info);
}

// A signal that a full queue cannot take has no sender to be told; rt_sigqueueinfo uses send_signal.
void Process::signal(SignalInfo const& info) {
    static_cast<void>(send_signal(*this, nullptr, info));
}
void Process::signal(SignalInfo const& info, Thread& thread) {
    static_cast<void>(send_signal(*this, &thread, info));
}

void Process::signal_group(i32 group_id, i32 number) {
    SignalInfo info;
    info.number = number;
    info.code = signal_code::kernel;
    signal_group(group_id, info);
}

void Process::signal_group(i32 group_id, SignalInfo const& info) {
    ProcessGroup* const group = ProcessGroup::find(group_id);
    if (group == nullptr) return;
    for (Process& process : group->members()) process.signal(info);
}

bool Process::would_act_on(i32 number, Thread const& thread) {
    return !thread.blocked.has(number) && !actions->ignores(number);
}

}  // namespace vdsokit::personality
