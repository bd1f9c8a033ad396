// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/relations.h"

#include "hosts/personality/process/send.h"

namespace vdsokit::personality {

namespace {

SignalInfo child_info(Process& process, i32 code, i32 status) {
    SignalInfo info;
    info.number = signal_number::child;
    info.code = code;
    info.child = {.process = process.id(),
                  .user = 0,
                  .status = status,
                  .pad = 0,
                  .user_time = clock_ticks(process.run_time())};
    return info;
}

void report_to_parent(Process& process, i32 code, i32 status) {
    Process& parent = *process.parent;
    // It is just ending, and its end is what continues this one: the heir will ask for itself.
    if (parent.zombie) return;
    bool const is_silent =
        (parent.actions->of(signal_number::child).flags & action_flag::no_child_stop) != 0;
    if (!is_silent) parent.signal(child_info(process, code, status));
    wake(child_wait_key(parent));
}

}  // namespace

i32 child_code(ExitStatus status) { return status.signal != 0 ? child_killed : child_exited; }

void report_stop(Process& process, i32 signal) {
    process.stop_signal = signal;
    process.stop_unreported = true;
    process.continue_unreported = false;
    if (process.parent != nullptr) report_to_parent(process, child_stopped, signal);
}

void report_continue(Process& process) {
    process.stop_unreported = false;
    process.continue_unreported = true;
    if (process.parent != nullptr) report_to_parent(process, child_continued, signal_number::cont);
}

bool report_end(Process& process) {
    Process* const parent = process.parent;
    if (parent == nullptr || parent->zombie) return false;
    bool wants_it = true;
    if (process.exit_signal == signal_number::child) {
        SignalAction const& action = parent->actions->of(signal_number::child);
        wants_it =
            action.handler != ignore_handler && (action.flags & action_flag::no_child_wait) == 0;
    }
    if (is_signal(process.exit_signal)) {
        ExitStatus const status = process.status;
        i32 const value = status.signal != 0 ? status.signal : status.code;
        SignalInfo info = child_info(process, child_code(status), value);
        info.number = process.exit_signal;
        parent->signal(info);
    }
    wake(child_wait_key(*parent));
    return wants_it;
}

void give_away_children(Process& process) {
    if (process.children.empty()) return;
    Process* heir = process.parent;
    while (heir != nullptr && (heir->zombie || !heir->is_subreaper) && heir->id() != 1)
        heir = heir->parent;
    if (heir == nullptr) return;  // process 1 itself ends: everything does
    while (Process* const child = process.children.pop_front()) {
        child->parent = heir;
        heir->children.push_back(*child);
        wake_orphaned_group(*child);
        // What another program's parent asked for does not hold for its heir.
        child->exit_signal = signal_number::child;
        if (child->parent_death_signal != 0 && !child->zombie)
            child->signal(child->parent_death_signal);
        if (child->zombie && !report_end(*child)) forget_zombie(*child);
    }
}

void wake_orphaned_group(Process& process) {
    if (!ProcessGroup::count_tie(process)) return;
    ProcessGroup& group = *process.group;
    if (!group.is_orphaned() || !group.has_stopped_member()) return;
    Process::signal_group(group.id(), signal_number::hup);
    Process::signal_group(group.id(), signal_number::cont);
}

}  // namespace vdsokit::personality
