// SPDX-License-Identifier: BSD-2-Clause
// What process/ calls to bring the files up and to pass the console's events on.
#pragma once

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/personality.h"

namespace vdsokit::personality {

// Builds the tree: the initramfs at /, and /tmp, /dev, /proc. False: a message that is always shown
// says what is wrong with the archive and where.
[[nodiscard]] bool start_files(Boot const& boot);

// Opens the console behind 0, 1 and 2 of process 1. With a terminal, its session and its
// foreground group are 1. False: out of memory.
[[nodiscard]] bool open_console(Descriptors& descriptors);

// on_console_input() of personality.h.
void console_input_arrived();

// The terminal's size changed: SIGWINCH to the foreground group.
void console_resized(u16 rows, u16 columns);

// The session leader has ended: its terminal belongs to nobody, the foreground group gets SIGHUP.
void session_ended(i32 session);

}  // namespace vdsokit::personality
