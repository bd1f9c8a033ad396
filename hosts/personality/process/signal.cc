// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/signal.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<PendingSignal> pending_pool;
constinit Pool<SignalActions> actions_pool;

constexpr u64 bits_of(std::initializer_list<i32> numbers) {
    u64 bits = 0;
    for (i32 const number : numbers) bits |= SignalSet::of(number).bits;
    return bits;
}

// Delivered before others, so that what a handler of the other sees is not the fault's state.
constexpr u64 faults = bits_of({signal_number::segv, signal_number::bus, signal_number::ill,
                                signal_number::trap, signal_number::fpe, signal_number::sys});

i32 lowest(u64 bits) { return __builtin_ctzll(bits) + 1; }

}  // namespace

DefaultAction default_action(i32 number) {
    using namespace signal_number;
    constexpr u64 ignored = bits_of({child, urg, winch});
    constexpr u64 stopping = bits_of({stop, tstp, ttin, ttou});
    SignalSet const set = SignalSet::of(number);
    if ((set.bits & ignored) != 0) return DefaultAction::ignore;
    if ((set.bits & stopping) != 0) return DefaultAction::stop;
    return number == cont ? DefaultAction::resume : DefaultAction::terminate;
}

bool PendingSignals::add(SignalInfo const& info) {
    bool const is_realtime = info.number >= signal_number::realtime_first;
    if (!is_realtime && set_.has(info.number)) return true;
    PendingSignal* const entry = pending_pool.make();
    if (entry == nullptr) {
        if (!is_realtime) set_.add(info.number);
        return !is_realtime;
    }
    entry->info = info;
    queue_.push_back(*entry);
    count_ += 1;
    set_.add(info.number);
    return true;
}

i32 PendingSignals::first(SignalSet wanted) const {
    u64 const bits = set_.bits & wanted.bits;
    if (bits == 0) return 0;
    return lowest((bits & faults) != 0 ? bits & faults : bits);
}

bool PendingSignals::take(i32 number, SignalInfo& info) {
    if (!set_.has(number)) return false;
    info = SignalInfo{};
    info.number = number;
    bool found = false;
    bool more = false;
    for (PendingSignal& entry : queue_) {
        if (entry.info.number != number) continue;
        if (found) {
            more = true;
            break;
        }
        found = true;
        info = entry.info;
        entry.unlink();
        count_ -= 1;
        pending_pool.free(&entry);
    }
    if (!more) set_.remove(number);
    return true;
}

void PendingSignals::remove(SignalSet which) {
    for (PendingSignal& entry : queue_) {
        if (!which.has(entry.info.number)) continue;
        entry.unlink();
        count_ -= 1;
        pending_pool.free(&entry);
    }
    set_.bits &= ~which.bits;
}

SignalInfo* PendingSignals::of_timer(i32 timer) {
    for (PendingSignal& entry : queue_)
        if (entry.info.code == signal_code::timer && entry.info.timer.timer == timer)
            return &entry.info;
    return nullptr;
}

SignalActions* SignalActions::create() { return actions_pool.make(); }

SignalActions* SignalActions::fork() const {
    SignalActions* const copy = actions_pool.make();
    if (copy == nullptr) return nullptr;
    for (u32 i = 0; i < 64; ++i) copy->actions_[i] = actions_[i];
    return copy;
}

void SignalActions::release() {
    users_ -= 1;
    if (users_ == 0) actions_pool.free(this);
}

bool SignalActions::ignores(i32 number) {
    SignalAction const& action = of(number);
    if (action.handler == ignore_handler) return true;
    return action.handler == default_handler && default_action(number) == DefaultAction::ignore;
}

void SignalActions::reset_handlers() {
    for (SignalAction& action : actions_) {
        u64 const handler = action.handler == ignore_handler ? ignore_handler : default_handler;
        action = SignalAction{};
        action.handler = handler;
    }
}

}  // namespace vdsokit::personality
