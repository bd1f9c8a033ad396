// SPDX-License-Identifier: BSD-2-Clause
// The console as processes see it: a terminal with a session, a foreground group and a size, or
// plain streams of bytes. There is one console, so this is one global object.
#pragma once

#include "hosts/personality/files/line_discipline.h"
#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

class Console final : TerminalPort {
public:
    constexpr Console() : discipline_(*this) {}

    void start(bool is_terminal, WindowSize size);
    bool is_terminal() const { return is_terminal_; }
    bool is_terminal_of(Process const& process) const;
    i32 foreground() const { return foreground_; }

    // The host has input.
    void input_arrived();
    void resize(WindowSize size);
    void session_ended(i32 session);

    Outcome read(Io const& io);
    Outcome write(Io const& io, host::Channel channel);
    u32 ready();
    u64 activity() const { return activity_; }
    // The ioctls of a terminal. ENOTTY when it is none.
    Outcome control(Call& call);

private:
    void show(u8 const* bytes, u64 size) override;
    void raise(i32 signal) override;

    void pull();
    void notify_readers();
    Outcome read_stream(Io const& io);
    Outcome read_terminal(Io const& io);
    // done(0): go on. Otherwise the group has been sent `signal`, or an error.
    Outcome check_foreground(Call& call, i32 signal);
    Outcome set_settings(Call& call, bool discard, bool has_speeds);
    Outcome set_foreground(Call& call);
    Outcome take_session(Call& call);
    WaitKey input_key() const { return {this, 0}; }
    WaitKey foreground_key() const { return {this, 1}; }

    static constexpr u32 stream_capacity = 4096;

    LineDiscipline discipline_;
    WindowSize size_{};
    bool is_terminal_ = false;
    u64 activity_ = 0;
    i32 session_ = 0;
    i32 foreground_ = 0;
    u32 stream_start_ = 0;
    u32 stream_size_ = 0;
    u8 stream_[stream_capacity]{};
};

Console& console();

}  // namespace vdsokit::personality
