// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/session.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "tool/launch/failure.h"
#include "tool/launch/terminal.h"

namespace vdsokit::launch {

namespace {

constexpr std::size_t output_limit = std::size_t{256} * 1024;
constexpr std::size_t input_limit = 4096;
// A pipe that poll() calls writable takes this much without blocking.
constexpr std::size_t write_size = PIPE_BUF;
constexpr char end_key = 0x1d;  // Ctrl-]

constexpr short events_if(bool wanted, short events) { return wanted ? events : short{0}; }

// A raw terminal needs both; the guest's own terminal adds it to what programs write.
std::string with_carriage_returns(std::string_view text) {
    std::string converted;
    for (char const character : text) {
        if (character == '\n' && !converted.ends_with('\r')) converted.push_back('\r');
        converted.push_back(character);
    }
    return converted;
}

}  // namespace

Session::Session(Machine& machine, Signals const& signals, Setup setup)
    : machine_(machine), signals_(signals), setup_(std::move(setup)) {}

int Session::run() {
    while (ended_by_ == 0) {
        bool const nothing_more = console_ended_ || decoder_.status();
        if (nothing_more && to_user_.empty()) break;
        step();
    }
    if (ended_by_ != 0) return status_signal_base + ended_by_;
    if (!decoder_.status()) fail_without_status();
    return *decoder_.status();
}

void Session::step() {
    bool const running = !console_ended_ && !decoder_.status();
    bool const want_input = running && !input_ended_ && to_guest_.size() < input_limit;
    short const console_events =
        static_cast<short>(events_if(to_user_size_ < output_limit, POLLIN) |
                           events_if(guest_listens_ && !to_guest_.empty(), POLLOUT));
    // A negative descriptor is passed over, unlike one without events, which may still report
    // that its other end is gone, again and again.
    std::array<pollfd, 4> polled = {{
        {.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
        {.fd = want_input ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0},
        {.fd = running && console_events != 0 ? machine_.console() : -1,
         .events = console_events,
         .revents = 0},
        {.fd = to_user_.empty() ? -1 : to_user_.front().descriptor,
         .events = POLLOUT,
         .revents = 0},
    }};
    if (::poll(polled.data(), polled.size(), -1) < 0) return;
    if (polled[0].revents != 0) take_signals();
    if (polled[1].revents != 0) read_input();
    if ((polled[2].revents & POLLOUT) != 0) write_console();
    if ((polled[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_console();
    if (polled[3].revents != 0) write_output();
}

void Session::take_signals() {
    while (int const signal = signals_.take()) {
        if (signal != SIGWINCH) {
            ended_by_ = signal;
        } else if (setup_.terminal) {
            WindowSize const size = terminal_size();
            to_guest_ += encode_window_size(size.rows, size.columns);
        }
    }
}

void Session::read_input() {
    std::array<char, input_limit> buffer;
    ssize_t const count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        input_ended_ = true;
        to_guest_ += encoded_end_of_input();
        return;
    }
    std::string_view const bytes(buffer.data(), static_cast<std::size_t>(count));
    if (setup_.terminal && bytes.find(end_key) != std::string_view::npos) ended_by_ = SIGINT;
    to_guest_ += encode_input(bytes);
}

void Session::write_console() {
    ssize_t const count =
        ::send(machine_.console(), to_guest_.data(), to_guest_.size(), MSG_NOSIGNAL);
    if (count > 0) to_guest_.erase(0, static_cast<std::size_t>(count));
    // A guest that is gone is found by reading.
    if (count < 0 && errno != EAGAIN && errno != EINTR) to_guest_.clear();
}

void Session::read_console() {
    std::array<char, 65536> buffer;
    ssize_t const count = ::read(machine_.console(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        console_ended_ = true;
        return;
    }
    guest_listens_ = true;
    decoder_.feed({buffer.data(), static_cast<std::size_t>(count)}, *this);
}

void Session::received(Channel channel, std::string_view bytes) {
    if (channel == Channel::messages && !setup_.verbose) return;
    std::string text = setup_.filter ? setup_.filter(channel, bytes) : std::string(bytes);
    if (channel == Channel::output) {
        show(STDOUT_FILENO, text);
    } else {
        show(STDERR_FILENO, setup_.terminal ? with_carriage_returns(text) : text);
    }
}

void Session::show(int descriptor, std::string_view bytes) {
    if (bytes.empty()) return;
    if (to_user_.empty() || to_user_.back().descriptor != descriptor)
        to_user_.push_back({descriptor, {}});
    to_user_.back().bytes += bytes;
    to_user_size_ += bytes.size();
}

void Session::write_output() {
    Piece& piece = to_user_.front();
    std::size_t const size = std::min(piece.bytes.size(), write_size);
    ssize_t const count = ::write(piece.descriptor, piece.bytes.data(), size);
    if (count < 0) {
        switch (errno) {
        case EAGAIN:
        case EINTR: return;
        case EPIPE: ended_by_ = SIGPIPE; return;
        default:
            throw Failure{status_host_failure,
                          fmt::format("standard {}: {}",
                                      piece.descriptor == STDOUT_FILENO ? "output" : "error",
                                      std::strerror(errno))};
        }
    }
    piece.bytes.erase(0, static_cast<std::size_t>(count));
    to_user_size_ -= static_cast<std::size_t>(count);
    if (piece.bytes.empty()) to_user_.pop_front();
}

void Session::fail_without_status() const {
    std::string const complaints = machine_.complaints();
    throw Failure{status_host_failure,
                  "the guest ended without an exit status" +
                      (complaints.empty() ? "" : "; QEMU says: " + complaints)};
}

}  // namespace vdsokit::launch
