// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/signal_calls.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/delivery.h"
#include "hosts/personality/process/send.h"

namespace vdsokit::personality {

namespace {

// Linux takes no other size of sigset_t.
bool is_set_size(u64 size) { return size == sizeof(SignalSet); }

bool store_info(Call& call, VirtualAddress to, SignalInfo const& info) {
    u8 whole[siginfo_size] = {};
    __builtin_memcpy(whole, &info, sizeof(info));
    return call.process.memory().store(to, whole);
}

}  // namespace

Outcome sigaction_call(Call& call) {
    i32 const number = call.number(0);
    if (!is_set_size(call.argument(3)) || !is_signal(number)) return Outcome::error(Errno::inval);
    Memory& memory = call.process.memory();
    SignalAction& action = call.process.actions->of(number);
    SignalAction const old = action;
    if (call.argument(1) != 0) {
        SignalAction wanted;
        if (!memory.load(wanted, call.address(1))) return Outcome::error(Errno::fault);
        if (SignalSet{unblockable}.has(number)) return Outcome::error(Errno::inval);
        wanted.mask.bits &= ~unblockable;
        action = wanted;
        // What is ignored is forgotten even if it waits. [POSIX sigaction, 2.4.3]
        if (call.process.actions->ignores(number)) {
            call.process.pending.remove(SignalSet::of(number));
            for (Thread& thread : call.process.threads)
                thread.pending.remove(SignalSet::of(number));
        }
    }
    if (call.argument(2) != 0 && !memory.store(call.address(2), old))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome sigprocmask_call(Call& call) {
    constexpr i32 block = 0, unblock = 1, set_mask = 2;
    if (!is_set_size(call.argument(3))) return Outcome::error(Errno::inval);
    Memory& memory = call.process.memory();
    Thread& thread = call.thread;
    SignalSet const old = thread.blocked;
    if (call.argument(1) != 0) {
        SignalSet given;
        if (!memory.load(given, call.address(1))) return Outcome::error(Errno::fault);
        u64 bits = old.bits;
        switch (call.number(0)) {
        case block: bits |= given.bits; break;
        case unblock: bits &= ~given.bits; break;
        case set_mask: bits = given.bits; break;
        default: return Outcome::error(Errno::inval);
        }
        thread.blocked.bits = bits & ~unblockable;
        thread.want_attention();
    }
    if (call.argument(2) != 0 && !memory.store(call.address(2), old))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome sigpending_call(Call& call) {
    if (call.argument(1) > sizeof(SignalSet)) return Outcome::error(Errno::inval);
    Thread& thread = call.thread;
    SignalSet const waiting{(thread.pending.set().bits | call.process.pending.set().bits) &
                            thread.blocked.bits};
    if (!call.process.memory().copy_out(call.address(0), &waiting, call.argument(1)))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome sigsuspend_call(Call& call) {
    if (call.first_attempt) {
        SignalSet mask;
        if (!is_set_size(call.argument(1))) return Outcome::error(Errno::inval);
        if (!call.process.memory().load(mask, call.address(0))) return Outcome::error(Errno::fault);
        call.thread.use_temporary_mask(mask);
    }
    return Outcome::wait({&call.thread.saved_mask, 0});
}

Outcome sigtimedwait_call(Call& call) {
    Thread& thread = call.thread;
    Memory& memory = call.process.memory();
    u64 deadline = call.deadline;
    if (call.first_attempt) {
        SignalSet wanted;
        if (!is_set_size(call.argument(3))) return Outcome::error(Errno::inval);
        if (!memory.load(wanted, call.address(0))) return Outcome::error(Errno::fault);
        call.progress = wanted.bits & ~unblockable;
        if (call.argument(2) != 0) {
            kit::Timespec span{};
            Outcome failed = Outcome::done(0);
            if (!load_time(call, call.address(2), span, failed)) return failed;
            deadline = deadline_after(span);
        }
    }
    SignalSet const wanted{call.progress};
    thread.awaited_signals = {};
    i32 const own = thread.pending.first(wanted);
    i32 const number = own != 0 ? own : call.process.pending.first(wanted);
    if (number != 0) {
        SignalInfo info;
        if (!thread.pending.take(number, info))
            static_cast<void>(call.process.pending.take(number, info));
        if (call.argument(1) != 0 && !store_info(call, call.address(1), info))
            return Outcome::error(Errno::fault);
        return Outcome::done(static_cast<u64>(number));
    }
    if (deadline != no_deadline && has_passed(deadline)) return Outcome::error(Errno::again);
    if (call.interrupted) return Outcome::error(Errno::intr);
    thread.awaited_signals = wanted;
    return Outcome::wait(signal_wait_key(thread), deadline);
}

Outcome sigreturn_call(Call& call) {
    if (leave_signal_handler(call.thread)) return Outcome::leave_registers();
    return forged_frame(call);
}

Outcome forged_frame(Call& call) {
    SignalInfo fault;
    fault.number = signal_number::segv;
    fault.code = signal_code::kernel;
    force_signal(call.thread, fault);
    return Outcome::leave_registers();
}

}  // namespace vdsokit::personality
