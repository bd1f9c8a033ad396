// SPDX-License-Identifier: BSD-2-Clause
// The files of an exec: the program behind its scripts, its interpreter, and what they are refused
// for.
#pragma once

#include "hosts/personality/files/held.h"
#include "hosts/personality/memory/exec_strings.h"
#include "hosts/personality/memory/layout.h"
#include "kit/process/exec.h"

namespace vdsokit::personality {

class Process;

// A regular file with the right to be executed; retained.
Attempt<File*> open_program(Process& process, char const* path);

// Follows #! lines: `file`, which was opened as `path`, becomes the program that is run. The
// strings point to the lines until the next call.
Attempt<Nothing> follow_scripts(Process& process, Held<File>& file, char const* path,
                                ExecStrings& strings);

// A 64-bit program, or where the host can run those a 32-bit one.
kit::Result<kit::Program, kit::ProgramFault> parse_program(File& file);
Layout const& layout_for(kit::Program const& program);

// The errno for a refusal; what and where becomes a host message.
Errno refuse(File& file, kit::ProgramFault const& fault);
Errno refuse(File& file, kit::ExecFault const& fault);

}  // namespace vdsokit::personality
