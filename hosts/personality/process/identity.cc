// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/identity.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

Outcome id(i32 value) { return Outcome::done(static_cast<u64>(value)); }

Process* find_or_self(Call& call, i32 which) {
    return which == 0 ? &call.process : Process::find(which);
}

}  // namespace

Outcome getpid_call(Call& call) { return id(call.process.id()); }
Outcome getppid_call(Call& call) { return id(call.process.parent_id()); }
Outcome gettid_call(Call& call) { return id(call.thread.id()); }
Outcome zero_id_call(Call&) { return id(0); }

Outcome three_zero_ids_call(Call& call) {
    for (u32 i = 0; i < 3; ++i)
        if (!call.process.memory().store(call.address(i), u32{0}))
            return Outcome::error(Errno::fault);
    return id(0);
}

// There is no other user to become. -1 says "leave it".
Outcome set_id_call(Call& call) {
    i32 const wanted = call.number(0);
    return wanted == 0 || wanted == -1 ? id(0) : Outcome::error(Errno::inval);
}

Outcome getgroups_call(Call& call) {
    return call.number(0) < 0 ? Outcome::error(Errno::inval) : id(0);
}

Outcome setgroups_call(Call& call) {
    return call.number(0) == 0 ? id(0) : Outcome::error(Errno::inval);
}

Outcome setpgid_call(Call& call) {
    Process* const process = find_or_self(call, call.number(0));
    i32 const wanted = call.number(1);
    if (wanted < 0) return Outcome::error(Errno::inval);
    if (process == nullptr || process->zombie) return Outcome::error(Errno::srch);
    if (process != &call.process) {
        if (process->parent != &call.process) return Outcome::error(Errno::srch);
        if (process->session != call.process.session) return Outcome::error(Errno::perm);
        if (process->has_run_exec) return Outcome::error(Errno::access);
    }
    if (process->session == process->id()) return Outcome::error(Errno::perm);
    i32 const number = wanted == 0 ? process->id() : wanted;
    ProcessGroup* group = ProcessGroup::find(number);
    bool const is_in_session = group != nullptr && group->session() == process->session;
    if (number != process->id() && !is_in_session) return Outcome::error(Errno::perm);
    if (group == nullptr) group = ProcessGroup::make(number);
    if (group == nullptr) return Outcome::error(Errno::nomem);
    group->join(*process);
    return id(0);
}

Outcome getpgid_call(Call& call) {
    Process* const process = find_or_self(call, call.number(0));
    return process == nullptr ? Outcome::error(Errno::srch) : id(process->group_id());
}

Outcome getsid_call(Call& call) {
    Process* const process = find_or_self(call, call.number(0));
    return process == nullptr ? Outcome::error(Errno::srch) : id(process->session);
}

Outcome setsid_call(Call& call) {
    Process& process = call.process;
    if (ProcessGroup::find(process.id()) != nullptr) return Outcome::error(Errno::perm);
    ProcessGroup* const group = ProcessGroup::make(process.id());
    if (group == nullptr) return Outcome::error(Errno::nomem);
    process.session = process.id();
    group->join(process);
    return id(process.id());
}

Outcome set_tid_address_call(Call& call) {
    call.thread.clear_on_exit = call.address(0);
    return id(call.thread.id());
}

}  // namespace vdsokit::personality
