// SPDX-License-Identifier: BSD-2-Clause
// exec: a file becomes the program of a process. Everything that can fail is done first, in a new
// Memory; on an error the process is as it was, with the errno that Linux has for it.
#pragma once

#include "hosts/personality/memory/exec_strings.h"

namespace vdsokit::personality {

class Process;
class Thread;

struct ExecSource {
    File* file;        // its user stays the caller's
    char const* path;  // as given to execve: AT_EXECFN, and a script's own name
    StringArray const& arguments;
    StringArray const& environment;
};

// After success the thread's registers are those of the new program: Outcome::leave_registers().
[[nodiscard]] Attempt<Nothing> exec(Thread& thread, ExecSource const& source);

// How many bytes the strings and the pointers to them may take in this process: a quarter of the
// stack limit, at least 128 KiB. [Linux fs/exec.c, bprm_stack_limits()]
u64 exec_strings_limit(Process& process);

}  // namespace vdsokit::personality
