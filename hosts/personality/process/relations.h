// SPDX-License-Identifier: BSD-2-Clause
// What a process's fate means to others: its parent, its children, its group.
#pragma once

#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// wait4() and waitid() of the process's children stand on this key.
inline WaitKey child_wait_key(Process& parent) { return {&parent.children, 0}; }
// The parent in vfork stands on this one.
inline WaitKey vfork_key(Process& child) { return {&child.parent_waits_for_exec, 0}; }

// Marks it and tells the parent.
void report_stop(Process& process, i32 signal);
void report_continue(Process& process);
// False: the parent does not want to hear of it, and the zombie is to go at once.
[[nodiscard]] bool report_end(Process& process);

// Gives the children to the nearest subreaper or to process 1.
void give_away_children(Process& process);
// The process has ended or has another parent. If that orphans its group and a member is stopped,
// all members get SIGHUP and SIGCONT.
void wake_orphaned_group(Process& process);

// The zombie has been waited for, or nobody will. Its object is gone afterwards.
void forget_zombie(Process& process);

// As siginfo says it: CLD_EXITED, CLD_KILLED.
i32 child_code(ExitStatus status);
inline constexpr i32 child_exited = 1, child_killed = 2, child_stopped = 5, child_continued = 6;
// ns in clock ticks of 10 ms, as siginfo and times() count.
constexpr i64 clock_ticks(u64 ns) { return static_cast<i64>(ns / 10'000'000); }

}  // namespace vdsokit::personality
