// SPDX-License-Identifier: BSD-2-Clause
// The user's terminal while the guest has it: raw, since the guest does the line editing, the echo
// and ^C itself. Put back as it was by the destructor.
#pragma once

#include <termios.h>

#include <optional>

#include "tool/launch/guest.h"

namespace vdsokit::launch {

// Standard input and output are both a terminal. With only one of them, bytes are passed as they
// are: a terminal's output conversion would spoil a file.
bool have_terminal();

WindowSize terminal_size();

class RawTerminal {
public:
    RawTerminal();
    ~RawTerminal();
    RawTerminal(RawTerminal const&) = delete;
    RawTerminal& operator=(RawTerminal const&) = delete;

private:
    std::optional<termios> before_;  // absent: it could not be read, so nothing was changed
};

}  // namespace vdsokit::launch
