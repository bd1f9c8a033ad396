// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace vdsokit::launch {

bool have_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

WindowSize terminal_size() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {0, 0};
    return {size.ws_row, size.ws_col};
}

RawTerminal::RawTerminal() {
    termios now;
    if (::tcgetattr(STDIN_FILENO, &now) != 0) return;
    before_ = now;
    ::cfmakeraw(&now);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
}

RawTerminal::~RawTerminal() {
    // Not TCSAFLUSH: what the user typed ahead is the shell's.
    if (before_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &*before_);
}

}  // namespace vdsokit::launch
