// SPDX-License-Identifier: BSD-2-Clause
// What the kernel tells of a process of the tree, for decisions and for the words about them.
#pragma once

#include <sys/types.h>

#include <string>

#include "arch/types.h"

namespace vdsokit::on_linux {

// Whose thread it is; itself if that cannot be told.
pid_t process_of(pid_t thread);

// What it runs: /proc/PID/exe.
std::string program_of(pid_t thread);

// From its memory; empty: it cannot be read, or is longer than a path.
std::string read_string(pid_t thread, u64 address);

// It is inside the execve that it was let run.
bool is_in_exec(pid_t thread);

// Its clocks are in our time namespace: /proc/PID/ns/time.
bool is_in_our_time(pid_t thread);

// Why PTRACE_SEIZE failed, as errno and the process's status have it.
std::string why_not_attached(pid_t thread);

// It has an interpreter, which asks, or names a function of a vDSO itself.
bool asks_for_a_vdso(pid_t thread);

}  // namespace vdsokit::on_linux
