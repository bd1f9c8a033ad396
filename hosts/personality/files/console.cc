// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/console.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constinit Console the_console;

constexpr u64 chunk = 256;
constexpr u64 smaller(u64 a, u64 b) { return a < b ? a : b; }

bool is_non_blocking(Io const& io) { return io.file.flags().has(OpenFlags::non_blocking); }

}  // namespace

Console& console() { return the_console; }

void Console::start(bool is_terminal, WindowSize size) {
    is_terminal_ = is_terminal;
    size_ = size;
    if (is_terminal) session_ = foreground_ = 1;
}

bool Console::is_terminal_of(Process const& process) const {
    return is_terminal_ && session_ != 0 && process.session_id() == session_;
}

void Console::show(u8 const* bytes, u64 size) {
    host::console_write(host::Channel::output, bytes, size);
}

void Console::raise(i32 signal) {
    if (foreground_ != 0) Process::signal_group(foreground_, signal);
}

void Console::resize(WindowSize size) {
    size_ = size;
    raise(signal_number::winch);
}

void Console::session_ended(i32 session) {
    if (!is_terminal_ || session == 0 || session != session_) return;
    i32 const group = foreground_;
    session_ = foreground_ = 0;
    if (group == 0) return;
    Process::signal_group(group, signal_number::hup);
    Process::signal_group(group, signal_number::cont);
}

void Console::input_arrived() {
    pull();
    notify_readers();
}

void Console::notify_readers() {
    activity_ += 1;
    wake(input_key());
    wake(any_file_ready());
}

// Takes what the host has, as far as there is room: the rest stays there and holds the sender back.
void Console::pull() {
    if (is_terminal_) {
        u8 byte = 0;
        while (discipline_.has_room() && host::console_read(&byte, 1) == 1)
            discipline_.receive(byte);
        if (host::console_ended()) discipline_.hang_up();
        return;
    }
    while (stream_size_ < stream_capacity) {
        u32 const end = (stream_start_ + stream_size_) % stream_capacity;
        u32 const room = end < stream_start_ ? stream_start_ - end : stream_capacity - end;
        u64 const count =
            host::console_read(stream_ + end, smaller(room, stream_capacity - stream_size_));
        if (count == 0) return;
        stream_size_ += static_cast<u32>(count);
    }
}

Outcome Console::read(Io const& io) {
    if (io.transfer.left() == 0) return Outcome::done(0);
    pull();
    return is_terminal_ ? read_terminal(io) : read_stream(io);
}

Outcome Console::read_stream(Io const& io) {
    if (stream_size_ == 0) {
        if (host::console_ended()) return Outcome::done(0);
        if (is_non_blocking(io)) return Outcome::error(Errno::again);
        return Outcome::wait(input_key());
    }
    while (stream_size_ > 0 && io.transfer.left() > 0) {
        u64 const part =
            smaller(smaller(stream_size_, stream_capacity - stream_start_), io.transfer.left());
        if (!io.transfer.put(stream_ + stream_start_, part)) return io.transfer.done_or_fault();
        stream_start_ = (stream_start_ + static_cast<u32>(part)) % stream_capacity;
        stream_size_ -= static_cast<u32>(part);
        pull();
    }
    return Outcome::done(io.transfer.done());
}

Outcome Console::read_terminal(Io const& io) {
    Outcome const check = check_foreground(*io.call, signal_number::ttin);
    if (!check.is_done() || check.value() != 0) return check;

    TerminalSettings const& settings = discipline_.settings();
    bool const canonical = (settings.local & local_flag::canonical) != 0;
    u32 const wanted = static_cast<u32>(smaller(settings.at(Special::minimum), io.transfer.left()));
    // With a time and at least one byte the wait for more is left out: an answer that is shorter
    // than MIN is what an expired time gives too.
    bool const has_time = settings.at(Special::time) != 0;
    u32 const minimum = canonical || wanted == 0 || has_time ? 1 : wanted;
    if (!discipline_.is_readable(minimum)) {
        constexpr u64 tenth_of_a_second = 100'000'000;
        if (!canonical && wanted == 0) {
            if (!has_time || io.call->timed_out) return Outcome::done(0);
        }
        if (is_non_blocking(io)) return Outcome::error(Errno::again);
        if (canonical || wanted != 0) return Outcome::wait(input_key());
        u64 const deadline = io.call->first_attempt
                                 ? monotonic_now() + settings.at(Special::time) * tenth_of_a_second
                                 : io.call->deadline;
        return Outcome::wait(input_key(), deadline);
    }
    u8 bytes[chunk];
    bool more = true;
    while (more && io.transfer.left() > 0) {
        u32 const size = static_cast<u32>(smaller(chunk, io.transfer.left()));
        u32 const count = discipline_.read(bytes, size, more);
        if (io.transfer.put(bytes, count)) continue;
        discipline_.take_back();
        return io.transfer.done_or_fault();
    }
    return Outcome::done(io.transfer.done());
}

Outcome Console::write(Io const& io, host::Channel channel) {
    if (is_terminal_ && io.call != nullptr &&
        (discipline_.settings().local & local_flag::stop_background_output) != 0) {
        Outcome const check = check_foreground(*io.call, signal_number::ttou);
        if (!check.is_done() || check.value() != 0) return check;
    }
    u8 bytes[chunk];
    while (io.transfer.left() > 0) {
        u64 const part = smaller(chunk, io.transfer.left());
        if (!io.transfer.take(bytes, part)) return io.transfer.done_or_fault();
        if (is_terminal_)
            discipline_.write(bytes, part);
        else
            host::console_write(channel, bytes, part);
    }
    return Outcome::done(io.transfer.done());
}

u32 Console::ready() {
    pull();
    if (is_terminal_) {
        TerminalSettings const& settings = discipline_.settings();
        u32 const least = settings.at(Special::time) == 0 && settings.at(Special::minimum) != 0
                              ? settings.at(Special::minimum)
                              : 1;
        return Ready::writable | (discipline_.is_readable(least) ? Ready::readable : 0);
    }
    return Ready::writable | (stream_size_ > 0 ? Ready::readable : 0) |
           (stream_size_ == 0 && host::console_ended() ? Ready::readable | Ready::hang_up : 0);
}

}  // namespace vdsokit::personality
