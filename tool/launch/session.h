// SPDX-License-Identifier: BSD-2-Clause
// Passes bytes between the user and a running guest until the guest ends, a signal comes, or the
// user's side of the output is gone. Whoever is slow holds up the other: nothing is dropped, and
// no queue grows past its limit.
#pragma once

#include <poll.h>

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "tool/launch/machine.h"
#include "tool/launch/signals.h"
#include "tool/launch/wire.h"

namespace vdsokit::launch {

class Session final : private WireSink {
public:
    struct Setup {
        bool terminal;  // input is a raw terminal
        bool verbose;   // show the host's messages
        // Sees what arrives and returns what is to be shown; empty: everything is.
        std::function<std::string(Channel, std::string_view)> filter;
    };

    Session(Machine& machine, Signals const& signals, Setup setup);

    // The status to exit with: the program's, or 128 + n for a signal to the launcher. Throws
    // Failure if the guest ended without a status.
    int run();

private:
    struct Piece {
        int descriptor;
        std::string bytes;
    };

    void received(Channel channel, std::string_view bytes) override;
    void show(int descriptor, std::string_view bytes);

    void step();
    void take_signals();
    void read_input();
    void read_console();
    void write_console();
    void write_output();
    [[noreturn]] void fail_without_status() const;

    Machine& machine_;
    Signals const& signals_;
    Setup setup_;
    WireDecoder decoder_;
    std::string to_guest_;
    // In the order of arrival, so that output and errors are shown as they were written.
    std::deque<Piece> to_user_;
    std::size_t to_user_size_ = 0;
    bool input_ended_ = false;
    // It has sent something. Before it has set up its port, what it is sent may be lost.
    bool guest_listens_ = false;
    bool console_ended_ = false;
    int ended_by_ = 0;  // a signal's number
};

}  // namespace vdsokit::launch
