// SPDX-License-Identifier: BSD-2-Clause
// What the kernel told this process about itself, the CPU and the user, for the next program.
#pragma once

#include "kit/process/exec.h"

namespace vdsokit::uexec {

kit::ProcessFacts own_facts();

// nullptr: the kernel names none.
char const* own_platform();
void copy_own_random(u8 (&to)[16]);

// Adds the kernel's entries that kit does not know, as they are. What points into this process's
// stack stays true: that is the program's, too.
void add_others(kit::Auxv& auxv);

// The end of the strings that the kernel put on top of the stack.
u64 own_stack_end();

}  // namespace vdsokit::uexec
