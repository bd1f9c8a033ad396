// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/control_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>

#include "hosts/linux/process_maps.h"
#include "hosts/linux/tree_file.h"

namespace vdsokit::on_linux {

std::vector<u64> running_trees() {
    std::vector<u64> trees;
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator(control_directory(), ignored)) {
        std::string const name = entry.path().filename();
        char* end = nullptr;
        u64 const inode = std::strtoull(name.c_str(), &end, 10);
        if (inode != 0 && *end == '\0') trees.push_back(inode);
    }
    return trees;
}

u64 tree_of(pid_t process) {
    errno = 0;
    auto const maps = read_maps(process);
    if (maps.empty() && errno == 0) errno = ESRCH;
    for (MappedRange const& range : maps)
        if (range.name.rfind("/memfd:" + std::string(tree_file_name), 0) == 0) return range.inode;
    return 0;
}

namespace {

using Deadline = std::chrono::steady_clock::time_point;

// `call` on a socket, until the deadline; behind it: EAGAIN. connect() waits for a place in the
// supervisor's queue, and a timeout is all that ends it: poll() does not tell of one. [socket(7)]
template <class Call>
auto call_until(Deadline deadline, int socket, Call call) {
    for (;;) {
        auto const left = std::chrono::duration_cast<std::chrono::microseconds>(
                              deadline - std::chrono::steady_clock::now())
                              .count();
        i64 const wait = left > 0 ? left : 1;  // 0 is for ever
        timeval const limit{wait / 1'000'000, wait % 1'000'000};
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        auto const result = call();
        // Whoever is stopped and goes on is interrupted, too. [signal(7)]
        if (result >= 0 || errno != EINTR) return result;
    }
}

enum class Asked : u8 { answered, found_nobody, was_not_accepted, was_not_answered, was_dropped };

Asked ask(sockaddr_un const& address, ControlRequest const& request, Deadline deadline,
          ControlReply& reply, ucred& supervisor) {
    Descriptor const made(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    int const number = made.number();
    auto const* const to = reinterpret_cast<sockaddr const*>(&address);
    if (!made ||
        call_until(deadline, number, [&] { return connect(number, to, sizeof address); }) != 0)
        return made && errno == EAGAIN ? Asked::was_not_accepted : Asked::found_nobody;
    // At once: until then we are one of the silent, who are sent away when others come.
    ssize_t moved = call_until(
        deadline, number, [&] { return send(number, &request, sizeof request, MSG_NOSIGNAL); });
    socklen_t size = sizeof supervisor;
    getsockopt(number, SOL_SOCKET, SO_PEERCRED, &supervisor, &size);
    if (moved >= 0)
        moved = call_until(deadline, number, [&] { return recv(number, &reply, sizeof reply, 0); });
    if (moved < 0 && errno == EAGAIN) return Asked::was_not_answered;
    return moved == sizeof reply ? Asked::answered : Asked::was_dropped;
}

// For everything but an answer; `supervisor` is 0 where the kernel has not named it.
Failure failure_of(Asked asked, std::string const& path, pid_t supervisor) {
    std::string const pid = std::to_string(supervisor);
    std::string const waited =
        " for " + std::to_string(patience.count()) + " s, and the clock is as it was. ";
    switch (asked) {
    case Asked::answered: return Failure::none();
    case Asked::found_nobody: return Failure::of_errno("no supervisor answers at " + path);
    case Asked::was_not_accepted:
        return Failure::because("the supervisor at " + path + " has accepted nobody" + waited +
                                "If it is stopped (T in `ps -o pid,stat -C vdsokit-super`), "
                                "`kill -CONT PID` lets it go on");
    case Asked::was_not_answered:
        return Failure::because("the supervisor at " + path + " has not answered" + waited +
                                "If it is stopped (T in `ps -o stat -p " + pid +
                                "`), `kill -CONT " + pid + "` lets it go on");
    case Asked::was_dropped:
        return Failure::because("the supervisor at " + path + " has hung up" + waited +
                                "Too many others connect (`ss -xp` shows whose they are): try "
                                "again when they are gone");
    }
    __builtin_unreachable();
}

}  // namespace

Failure request_offset(u64 tree, WallOffset offset) {
    std::string const path = control_path(tree);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return Failure::because(path + ": too long for a socket's name");
    path.copy(address.sun_path, path.size());
    ControlRequest const request{control_version, ControlVerb::set_offset, offset.seconds,
                                 offset.nanoseconds, 0};
    ControlReply reply{};
    ucred supervisor{};
    Deadline const deadline = std::chrono::steady_clock::now() + patience;
    Asked asked = ask(address, request, deadline, reply, supervisor);
    while (asked == Asked::was_dropped && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        asked = ask(address, request, deadline, reply, supervisor);
    }
    if (asked != Asked::answered) return failure_of(asked, path, supervisor.pid);
    if (reply.error != 0) {
        errno = reply.error;
        return Failure::of_errno("the supervisor at " + path + " refuses");
    }
    return Failure::none();
}

}  // namespace vdsokit::on_linux
