// SPDX-License-Identifier: BSD-2-Clause
// Pages that may be executed. On a host whose processes must not use the CPU's system call
// instruction, every page is looked through before it becomes executable and the host's own
// instruction put in its place; whoever maps the same frame as data keeps what it holds.
#pragma once

#include "hosts/personality/seam.h"

namespace vdsokit::personality {

// What else may write to a frame.
enum class CodeSource : u8 {
    settled,   // nobody: the frame may be shared as it is if it holds no system call
    changing,  // a file or other mappings: a copy is needed, or a call could come into it later
};

// Takes over one user of the frame and gives one of a frame that may be executed: the same, or a
// copy where others see it. Its instructions have been published. no_frame: out of memory.
[[nodiscard]] host::Frame make_code(host::Frame frame, CodeSource source);

// In place. Precondition: nobody needs what the frame held.
void replace_calls(host::Frame frame);

}  // namespace vdsokit::personality
