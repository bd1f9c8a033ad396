// SPDX-License-Identifier: BSD-2-Clause
// The supervisor's end of the control socket. Only the same user, or root, is listened to; a client
// that says nothing keeps nobody waiting.
#pragma once

#include <poll.h>

#include <string>
#include <vector>

#include "hosts/linux/control.h"
#include "hosts/linux/descriptor.h"
#include "hosts/linux/shared_clock.h"

namespace vdsokit::on_linux {

class ControlServer {
public:
    ControlServer(SharedClock& clock, u64 tree) : clock_(clock), tree_(tree) {}
    ~ControlServer();
    ControlServer(ControlServer const&) = delete;
    ControlServer& operator=(ControlServer const&) = delete;

    // Makes the directory (mode 0700) and the socket. Without it everything but `set` works.
    Failure listen();

    // Takes the socket's name away.
    void close();

    // What to poll for, appended; serve() finds its own entries again.
    void add_to(std::vector<pollfd>& polled);
    void serve(std::vector<pollfd> const& polled);

private:
    void accept_client();
    bool answer(Descriptor const& client);

    static constexpr std::size_t clients_max = 16;

    SharedClock& clock_;
    u64 tree_;  // the inode of its file
    std::string path_;
    Descriptor socket_;
    std::vector<Descriptor> clients_;
    std::size_t polled_from_ = 0;
    std::size_t polled_clients_ = 0;
};

}  // namespace vdsokit::on_linux
