// SPDX-License-Identifier: BSD-2-Clause
// What a terminal does with bytes on their way in and out: editing of a line, echo, the characters
// that are signals, newlines [termios(3)]. Knows neither processes nor the console; what it has to
// say goes to its port.
#pragma once

#include "hosts/personality/files/terminal_settings.h"

namespace vdsokit::personality {

class TerminalPort {
public:
    virtual void show(u8 const*, u64) {}
    virtual void raise(i32) {}

protected:
    ~TerminalPort() = default;
};

class LineDiscipline {
public:
    static constexpr u32 capacity = 4096;

    constexpr explicit LineDiscipline(TerminalPort& port) : port_(port) {}

    TerminalSettings const& settings() const { return settings_; }
    // What has been typed stays; a line that was begun can be read when editing is switched off.
    void set(TerminalSettings const& settings);

    // A byte from the keyboard. When the buffer is full it is lost, as on a real terminal, but the
    // characters that edit and interrupt still do.
    void receive(u8 byte);
    // No further byte will come: what there is can be read.
    void hang_up();
    // The caller may leave bytes where they are rather than lose them.
    bool has_room() const { return used() < capacity - 1 || !is_readable(1); }
    void discard_input();

    // True if a read that wants `minimum` bytes has its answer, be it the end of the file.
    bool is_readable(u32 minimum) const;
    // Bytes that can be read now.
    u32 available() const;
    // Up to `size` bytes, at most to the end of a line when lines are edited. 0: end of file.
    // `more`: only `size` kept it from going on. Precondition: is_readable(1).
    u32 read(u8* to, u32 size, bool& more);
    // A read did not reach the process: the bytes of the last read() are there again.
    void take_back();

    // Bytes from a process, to be shown.
    void write(u8 const* bytes, u64 size);

private:
    // An element of the buffer is a byte, perhaps with one of these.
    static constexpr u16 ends_line = 0x100;
    static constexpr u16 end_of_file = 0x200;  // no byte, but an end to what precedes it

    bool has(u32 flag) const { return (settings_.local & flag) != 0; }
    u32 used() const { return head_ - tail_; }
    void push(u16 element);
    bool edit(u8 byte);
    void erase(bool word, bool all);
    void erase_one();
    void echo(u8 byte);
    void show_one(u8 byte);

    TerminalPort& port_;
    TerminalSettings settings_{};
    // Counters that run on; an element's place is its counter modulo the capacity.
    u32 tail_ = 0;
    u32 line_ = 0;  // where the line that is being edited begins
    u32 head_ = 0;
    u32 last_tail_ = 0;
    bool is_literal_ = false;
    bool is_hung_up_ = false;
    u16 elements_[capacity]{};
};

}  // namespace vdsokit::personality
