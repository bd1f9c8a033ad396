// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/control_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "abi/conversion.h"

namespace vdsokit::on_linux {

std::string control_directory() {
    char const* const runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime != nullptr && runtime[0] == '/') return std::string(runtime) + "/vdsokit";
    return "/tmp/vdsokit-" + std::to_string(getuid());
}

std::string control_path(u64 tree) { return control_directory() + "/" + std::to_string(tree); }

namespace {

// Somebody else may have made it first, in /tmp.
Failure make_directory(std::string const& path) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return Failure::of_errno(path);
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return Failure::of_errno(path);
    if (!S_ISDIR(status.st_mode) || status.st_uid != getuid() || (status.st_mode & 077) != 0)
        return Failure::because(path + ": not a directory of this user alone");
    return Failure::none();
}

bool is_ours(int client) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

// It has closed its end: nobody waits for an answer.
bool has_left(int client) {
    u8 byte = 0;
    return recv(client, &byte, sizeof byte, MSG_PEEK) == 0;
}

}  // namespace

ControlServer::~ControlServer() { close(); }

void ControlServer::close() {
    if (socket_) unlink(path_.c_str());
    socket_.close();
}

void ControlServer::leave() {
    socket_.close();
    reserve_.close();
    clients_.clear();
}

Failure ControlServer::listen() {
    if (Failure failure = make_directory(control_directory())) return failure;
    path_ = control_path(tree_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path)
        return Failure::because(path_ + ": too long for a socket's name");
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    // An inode number comes again after its file is gone; whoever left this name is gone too.
    unlink(path_.c_str());
    Descriptor made(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!made || bind(made.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(made.number(), waiting_max) != 0)
        return Failure::of_errno(path_);
    socket_ = std::move(made);
    reserve();
    return Failure::none();
}

void ControlServer::add_to(std::vector<pollfd>& polled) {
    polled_from_ = polled.size();
    polled.push_back({socket_.number(), POLLIN, 0});
    for (Descriptor const& client : clients_) polled.push_back({client.number(), POLLIN, 0});
}

void ControlServer::serve(std::vector<pollfd> const& polled) {
    for (std::size_t at = clients_.size(); at > 0; --at) {
        if (polled[polled_from_ + at].revents == 0) continue;
        if (!answer(clients_[at - 1]))
            clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(at - 1));
    }
    if ((polled[polled_from_].revents & POLLIN) != 0) accept_client();
}

void ControlServer::accept_client() {
    Descriptor client(accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client) {
        if (errno != EMFILE && errno != ENFILE) return;
        // No descriptor is left: its place is that of one who says nothing, or our own.
        if (clients_.empty()) return accept_in_passing();
        return send_away_first();
    }
    if (!is_ours(client.number()) || !answer(client)) return;
    if (clients_.size() == clients_max) send_away_first();
    clients_.push_back(std::move(client));
}

// Left in the queue it would keep the supervisor's loop turning.
void ControlServer::accept_in_passing() {
    reserve_.close();
    {
        Descriptor const client(
            accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (client && is_ours(client.number())) answer(client);
    }
    reserve();
}

void ControlServer::reserve() { reserve_ = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

void ControlServer::send_away_first() {
    answer(clients_.front());
    clients_.erase(clients_.begin());
}

bool ControlServer::answer(Descriptor const& client) {
    ControlRequest request{};
    ssize_t const got = recv(client.number(), &request, sizeof request, MSG_TRUNC);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    // Who has given up was told that nothing happened.
    if (has_left(client.number())) return false;
    ControlReply reply{control_version, 0};
    if (is_valid(request, got))
        clock_.set_offset({request.seconds, request.nanoseconds});
    else
        reply.error = EINVAL;
    send(client.number(), &reply, sizeof reply, MSG_NOSIGNAL);
    return false;
}

}  // namespace vdsokit::on_linux
