// SPDX-License-Identifier: BSD-2-Clause
// struct termios as the kernel's ioctls pass it [include/uapi/asm-generic/termbits.h], and the bits
// that this terminal acts on. The others are kept and given back.
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

namespace input_flag {
inline constexpr u32 strip = 040, newline_to_return = 0100, ignore_return = 0200,
                     return_to_newline = 0400, utf8 = 040000;
}
namespace output_flag {
inline constexpr u32 process = 1, newline_to_return_newline = 4, return_to_newline = 010;
}
namespace local_flag {
inline constexpr u32 signals = 1, canonical = 2, echo = 010, echo_erase = 020, echo_kill = 040,
                     echo_newline = 0100, no_flush = 0200, stop_background_output = 0400,
                     echo_control = 01000, echo_kill_erase = 04000, extended = 0100000;
}

// Places in `characters`. A character 0 is switched off.
enum class Special : u8 {
    interrupt = 0,
    quit = 1,
    erase = 2,
    kill = 3,
    end_of_file = 4,
    time = 5,
    minimum = 6,
    start = 8,
    stop = 9,
    suspend = 10,
    end_of_line = 11,
    reprint = 12,
    word_erase = 14,
    literal_next = 15,
    second_end_of_line = 16,
};

struct TerminalSettings {
    // As a new terminal of Linux, but without flow control: ^S and ^Q are ordinary characters.
    u32 input = input_flag::return_to_newline | input_flag::utf8;
    u32 output = output_flag::process | output_flag::newline_to_return_newline;
    u32 control = 0xbf;  // B38400, CS8, CREAD
    u32 local = local_flag::signals | local_flag::canonical | local_flag::echo |
                local_flag::echo_erase | local_flag::echo_kill | local_flag::echo_control |
                local_flag::echo_kill_erase | local_flag::extended;
    u8 discipline = 0;
    u8 characters[19] = {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0};

    u8 at(Special special) const { return characters[static_cast<u8>(special)]; }
    bool is(Special special, u8 byte) const { return at(special) != 0 && at(special) == byte; }
};
static_assert(sizeof(TerminalSettings) == 36);

struct WindowSize {
    u16 rows = 0;
    u16 columns = 0;
    u16 pixels_wide = 0;
    u16 pixels_high = 0;
};
static_assert(sizeof(WindowSize) == 8);

}  // namespace vdsokit::personality
