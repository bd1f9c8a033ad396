// SPDX-License-Identifier: BSD-2-Clause
// The supervisor's end of the control socket. Only the same user, or root, is listened to, and:
//
// - Who connects and says nothing keeps nobody out: of clients_max such clients the one who came
//   first goes when another comes. One request is a client's all: whoever is kept is silent.
// - A request that has arrived is answered: it is looked for as its client is taken in, and once
//   more before that client is sent away. Only between its connect and its send can an honest one
//   be sent away, by clients_max newer ones; `vdsokit set` then asks again.
// - The programs do not wait for clients: no call here blocks, and one round of the supervisor's
//   loop, which answers execs too, takes one new client. Without clients a round makes no call.
//
// Not promised: when it is the turn of one client while others connect as fast as they can. The
// kernel gives a free place in the queue to whoever is there, not to who has waited longest.
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

    // In a forked process that does not serve: a copy there would keep dropped clients waiting.
    // The name stays.
    void leave();

    // What to poll for, appended; serve() finds its own entries again.
    void add_to(std::vector<pollfd>& polled);
    void serve(std::vector<pollfd> const& polled);

private:
    void accept_client();
    // Takes in a client and lets go of it, answered if its request is there.
    void accept_in_passing();
    void reserve();
    void send_away_first();
    // Its request, if that is there. False: it is done with, answered or gone.
    bool answer(Descriptor const& client);

    static constexpr std::size_t clients_max = 16;
    static constexpr int waiting_max = 64;  // connected and not taken in yet

    SharedClock& clock_;
    u64 tree_;  // the inode of its file
    std::string path_;
    Descriptor socket_;
    Descriptor reserve_;               // given up for a client where no other descriptor is left
    std::vector<Descriptor> clients_;  // as they came, at most clients_max
    std::size_t polled_from_ = 0;
};

}  // namespace vdsokit::on_linux
