// SPDX-License-Identifier: BSD-2-Clause
// Signals that a process sends. Everyone is root here, so nobody lacks the right to.
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/send.h"
#include "hosts/personality/process/signal_calls.h"

namespace vdsokit::personality {

namespace {

SignalInfo sent_by(Call& call, i32 number, i32 code) {
    SignalInfo info;
    info.number = number;
    info.code = code;
    info.sender = {.process = call.process.id(), .user = 0, .value = 0};
    return info;
}

// 0 asks whether there is one.
bool is_signal_or_zero(i32 number) { return number == 0 || is_signal(number); }

Outcome answer(bool is_sent) { return is_sent ? Outcome::done(0) : Outcome::error(Errno::again); }

// All but process 1 and the caller.
Outcome kill_all(Call& call, SignalInfo const& info) {
    bool found = false;
    for (Process* at = Process::next_after(0); at != nullptr; at = at->next()) {
        if (at->id() == 1 || at == &call.process) continue;
        found = true;
        if (info.number != 0) at->signal(info);
    }
    return found ? Outcome::done(0) : Outcome::error(Errno::srch);
}

Outcome kill_group(i32 group, SignalInfo const& info) {
    if (ProcessGroup::find(group) == nullptr) return Outcome::error(Errno::srch);
    if (info.number != 0) Process::signal_group(group, info);
    return Outcome::done(0);
}

Outcome signal_thread(i32 process_id, i32 thread_id, SignalInfo const& info) {
    if (thread_id <= 0 || !is_signal_or_zero(info.number)) return Outcome::error(Errno::inval);
    Thread* const thread = Thread::find(thread_id);
    if (thread == nullptr || (process_id != 0 && thread->process().id() != process_id))
        return Outcome::error(Errno::srch);
    if (info.number == 0) return Outcome::done(0);
    return answer(send_signal(thread->process(), thread, info));
}

// A siginfo_t of the sender's. What the kernel itself says cannot be forged for others.
bool load_info(Call& call, VirtualAddress from, i32 number, bool to_self, SignalInfo& info,
               Outcome& failed) {
    u8 whole[siginfo_size];
    if (!call.process.memory().load(whole, from)) {
        failed = Outcome::error(Errno::fault);
        return false;
    }
    __builtin_memcpy(&info, whole, sizeof(info));
    info.number = number;
    if (!to_self && (info.code >= 0 || info.code == signal_code::tkill)) {
        failed = Outcome::error(Errno::perm);
        return false;
    }
    return true;
}

}  // namespace

Outcome kill_call(Call& call) {
    i32 const id = call.number(0);
    i32 const number = call.number(1);
    if (!is_signal_or_zero(number)) return Outcome::error(Errno::inval);
    SignalInfo const info = sent_by(call, number, signal_code::user);
    if (id == -1) return kill_all(call, info);
    if (id == 0) return kill_group(call.process.group_id(), info);
    if (id == -0x7fff'ffff - 1) return Outcome::error(Errno::srch);
    if (id < 0) return kill_group(-id, info);
    Process* const process = Process::find(id);
    if (process == nullptr) return Outcome::error(Errno::srch);
    if (number == 0) return Outcome::done(0);
    return answer(send_signal(*process, nullptr, info));
}

Outcome tkill_call(Call& call) {
    return signal_thread(0, call.number(0), sent_by(call, call.number(1), signal_code::tkill));
}

Outcome tgkill_call(Call& call) {
    if (call.number(0) <= 0) return Outcome::error(Errno::inval);
    return signal_thread(call.number(0), call.number(1),
                         sent_by(call, call.number(2), signal_code::tkill));
}

Outcome sigqueueinfo_call(Call& call) {
    SignalInfo info;
    Outcome failed = Outcome::done(0);
    i32 const number = call.number(1);
    bool const to_self = call.number(0) == call.process.id();
    if (!load_info(call, call.address(2), number, to_self, info, failed)) return failed;
    if (!is_signal_or_zero(number)) return Outcome::error(Errno::inval);
    Process* const process = Process::find(call.number(0));
    if (process == nullptr) return Outcome::error(Errno::srch);
    if (number == 0) return Outcome::done(0);
    return answer(send_signal(*process, nullptr, info));
}

Outcome tgsigqueueinfo_call(Call& call) {
    SignalInfo info;
    Outcome failed = Outcome::done(0);
    if (call.number(0) <= 0) return Outcome::error(Errno::inval);
    bool const to_self = call.number(0) == call.process.id();
    if (!load_info(call, call.address(3), call.number(2), to_self, info, failed)) return failed;
    return signal_thread(call.number(0), call.number(1), info);
}

}  // namespace vdsokit::personality
