// SPDX-License-Identifier: BSD-2-Clause
// [Linux kernel/exit.c]
#include "hosts/personality/process/wait.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/relations.h"
#include "hosts/personality/process/usage.h"

namespace vdsokit::personality {

namespace {

constexpr u32 no_hang = 1, untraced = 2, exited = 4, continued = 8, no_wait = 0x0100'0000,
              no_thread = 0x2000'0000, wait_all = 0x4000'0000, wait_clone = 0x8000'0000;
constexpr u32 stopped = untraced;  // waitid's WSTOPPED

struct Selection {
    enum class Kind : u8 { any, process, group } kind;
    i32 id;
    u32 options;

    bool matches(Process const& child) const {
        if (kind == Kind::group && child.group_id() != id) return false;
        // A "clone" child is one that reports its end by anything but SIGCHLD.
        bool const is_clone = child.exit_signal != signal_number::child;
        return (options & wait_all) != 0 || is_clone == ((options & wait_clone) != 0);
    }
};

struct Found {
    Process* child = nullptr;
    i32 code = 0;    // CLD_*
    i32 status = 0;  // exit code or signal
    u32 wait_status = 0;
};

bool look_at(Process& child, Selection const& selection, Found& found) {
    bool const takes = (selection.options & no_wait) == 0;
    if (child.zombie && (selection.options & exited) != 0) {
        ExitStatus const status = child.status;
        found = {&child, child_code(status), status.signal != 0 ? status.signal : status.code,
                 status.wait_status()};
        return true;
    }
    if (child.zombie) return false;
    if (child.stop_unreported && child.stopped && (selection.options & stopped) != 0) {
        if (takes) child.stop_unreported = false;
        found = {&child, child_stopped, child.stop_signal,
                 (static_cast<u32>(child.stop_signal) << 8) | 0x7f};
        return true;
    }
    if (child.continue_unreported && (selection.options & continued) != 0) {
        if (takes) child.continue_unreported = false;
        found = {&child, child_continued, signal_number::cont, 0xffff};
        return true;
    }
    return false;
}

// False with `is_any`: one may come. False without: ECHILD.
bool find_child(Process& parent, Selection const& selection, Found& found, bool& is_any) {
    is_any = false;
    if (selection.kind == Selection::Kind::process) {
        Process* const child = Process::find(selection.id);
        is_any = child != nullptr && child->parent == &parent && selection.matches(*child);
        return is_any && look_at(*child, selection, found);
    }
    for (Process& child : parent.children) {
        if (!selection.matches(child)) continue;
        is_any = true;
        if (look_at(child, selection, found)) return true;
    }
    return false;
}

void take(Found const& found, Selection const& selection) {
    if (found.child->zombie && (selection.options & no_wait) == 0) forget_zombie(*found.child);
}

}  // namespace

Outcome wait4_call(Call& call) {
    i32 const id = call.number(0);
    u32 const options = static_cast<u32>(call.argument(2));
    if ((options & ~(no_hang | untraced | continued | no_thread | wait_all | wait_clone)) != 0)
        return Outcome::error(Errno::inval);
    if (id == -0x7fff'ffff - 1) return Outcome::error(Errno::srch);
    Selection selection{Selection::Kind::any, 0, options | exited};
    if (id > 0) selection = {Selection::Kind::process, id, options | exited};
    if (id == 0) selection = {Selection::Kind::group, call.process.group_id(), options | exited};
    if (id < -1) selection = {Selection::Kind::group, -id, options | exited};
    Found found;
    bool is_any = false;
    if (!find_child(call.process, selection, found, is_any)) {
        if (!is_any) return Outcome::error(Errno::child);
        if ((options & no_hang) != 0) return Outcome::done(0);
        return Outcome::wait(child_wait_key(call.process));
    }
    i32 const child_id = found.child->id();
    UserUsage const usage = usage_of_child(*found.child);
    take(found, selection);
    Memory& memory = call.process.memory();
    if (call.argument(1) != 0 && !memory.store(call.address(1), found.wait_status))
        return Outcome::error(Errno::fault);
    if (call.argument(3) != 0 && !memory.store(call.address(3), usage))
        return Outcome::error(Errno::fault);
    return Outcome::done(static_cast<u64>(child_id));
}

Outcome waitid_call(Call& call) {
    constexpr i32 by_any = 0, by_process = 1, by_group = 2;
    u32 const options = static_cast<u32>(call.argument(3));
    if ((options & ~(no_hang | stopped | exited | continued | no_wait | no_thread | wait_all |
                     wait_clone)) != 0 ||
        (options & (exited | stopped | continued)) == 0)
        return Outcome::error(Errno::inval);
    Selection selection{Selection::Kind::any, 0, options};
    i32 const id = call.number(1);
    switch (call.number(0)) {
    case by_any: break;
    case by_process:
        if (id <= 0) return Outcome::error(Errno::inval);
        selection = {Selection::Kind::process, id, options};
        break;
    case by_group:
        if (id < 0) return Outcome::error(Errno::inval);
        selection = {Selection::Kind::group, id == 0 ? call.process.group_id() : id, options};
        break;
    default: return Outcome::error(Errno::inval);
    }
    Found found;
    bool is_any = false;
    SignalInfo info;
    UserUsage usage{};
    if (find_child(call.process, selection, found, is_any)) {
        info.number = signal_number::child;
        info.code = found.code;
        info.child = {.process = found.child->id(),
                      .user = 0,
                      .status = found.status,
                      .pad = 0,
                      .user_time = 0};
        usage = usage_of_child(*found.child);
        take(found, selection);
    } else if (!is_any) {
        return Outcome::error(Errno::child);
    } else if ((options & no_hang) == 0) {
        return Outcome::wait(child_wait_key(call.process));
    }
    // With no_hang and nothing to report, a zero signal number and process id say so.
    Memory& memory = call.process.memory();
    u8 whole[siginfo_size] = {};
    __builtin_memcpy(whole, &info, sizeof(info));
    if (call.argument(2) != 0 && !memory.store(call.address(2), whole))
        return Outcome::error(Errno::fault);
    if (call.argument(4) != 0 && found.child != nullptr && !memory.store(call.address(4), usage))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome exit_call(Call& call) {
    call.process.thread_exit(call.thread, static_cast<u8>(call.argument(0)));
    return Outcome::leave_registers();
}

Outcome exit_group_call(Call& call) {
    call.process.exit({.code = static_cast<u8>(call.argument(0)), .signal = 0});
    return Outcome::leave_registers();
}

}  // namespace vdsokit::personality
