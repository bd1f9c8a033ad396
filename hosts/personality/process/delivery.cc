// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/delivery.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/process/relations.h"
#include "hosts/personality/process/send.h"

namespace vdsokit::personality {

namespace {

bool ends_process(Process& process, i32 number) {
    return process.actions->of(number).handler == default_handler &&
           default_action(number) == DefaultAction::terminate;
}

// What the thread would act on now. In a call that waits on, only what ends the process.
SignalSet deliverable(Thread& thread) {
    Process& process = thread.process();
    u64 bits = (thread.pending.set().bits | process.pending.set().bits) & ~thread.blocked.bits;
    if (!thread.call.waiting || thread.call.row->on_signal != OnSignal::wait_on) return {bits};
    u64 deadly = 0;
    for (; bits != 0; bits &= bits - 1) {
        i32 const number = __builtin_ctzll(bits) + 1;
        if (ends_process(process, number)) deadly |= SignalSet::of(number).bits;
    }
    return {deadly};
}

i32 next_signal(Thread& thread) {
    SignalSet const wanted = deliverable(thread);
    if (wanted.has(signal_number::kill)) return signal_number::kill;
    i32 const own = thread.pending.first(wanted);
    return own != 0 ? own : thread.process().pending.first(wanted);
}

void act_by_default(Process& process, i32 number) {
    switch (default_action(number)) {
    case DefaultAction::ignore:
    case DefaultAction::resume:  // done when it was sent
        return;
    case DefaultAction::stop:
        // Nobody could continue it; SIGSTOP alone stops all the same.
        if (number != signal_number::stop && process.group_is_orphaned()) return;
        process.set_stopped(true);
        report_stop(process, number);
        return;
    case DefaultAction::terminate:
        process.exit({.code = 0, .signal = static_cast<u8>(number)});
        return;
    }
}

void run_handler(Thread& thread, SignalInfo const& info) {
    Process& process = thread.process();
    SignalAction const action = process.actions->of(info.number);
    if ((action.flags & action_flag::reset_hand) != 0)
        process.actions->of(info.number).handler = default_handler;
    SignalSet const saved = thread.mask_is_temporary ? thread.saved_mask : thread.blocked;
    thread.mask_is_temporary = false;
    if (!enter_signal_handler(thread, action, info, saved)) {
        // A handler for SIGSEGV that cannot be entered would be tried for ever.
        if (info.number == signal_number::segv)
            process.actions->of(signal_number::segv).handler = default_handler;
        SignalInfo fault;
        fault.number = signal_number::segv;
        fault.code = signal_code::kernel;
        force_signal(thread, fault);
        return;
    }
    thread.blocked.bits |= action.mask.bits;
    if ((action.flags & action_flag::no_defer) == 0) thread.blocked.add(info.number);
    thread.blocked.bits &= ~unblockable;
}

// The call has its chance to answer with what it did so far. False: the thread is gone.
bool interrupt_call(Thread& thread, SignalAction const& action) {
    bool const may_restart = thread.call.row->on_signal == OnSignal::restart &&
                             (action.flags & action_flag::restart) != 0;
    retry_call(thread, true);
    if (thread.is_gone()) return false;
    if (thread.call.waiting) abandon_call(thread, may_restart);
    return true;
}

}  // namespace

void deliver_signals(Thread& thread) {
    Process& process = thread.process();
    while (!process.stopped) {
        i32 const number = next_signal(thread);
        if (number == 0) return;
        SignalAction const action = process.actions->of(number);
        bool const is_handled =
            action.handler != default_handler && action.handler != ignore_handler;
        if (is_handled && thread.call.waiting) {
            // Before the signal is taken: with the call over, the mask may block it again.
            if (!interrupt_call(thread, action)) return;
            continue;
        }
        SignalInfo info;
        if (!thread.pending.take(number, info) && !process.pending.take(number, info)) return;
        if (action.handler == ignore_handler) continue;
        if (is_handled)
            run_handler(thread, info);
        else
            act_by_default(process, number);
        if (thread.is_gone()) return;
    }
}

void force_signal(Thread& thread, SignalInfo const& info) {
    SignalAction& action = thread.process().actions->of(info.number);
    if (thread.blocked.has(info.number) || action.handler == ignore_handler)
        action.handler = default_handler;
    thread.blocked.remove(info.number);
    static_cast<void>(thread.pending.add(info));
    thread.want_attention();
}

}  // namespace vdsokit::personality
