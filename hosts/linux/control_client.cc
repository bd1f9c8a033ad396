// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/control_client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

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

Failure request_offset(u64 tree, WallOffset offset) {
    std::string const path = control_path(tree);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return Failure::because(path + ": too long for a socket's name");
    path.copy(address.sun_path, path.size());
    Descriptor const made(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (!made || connect(made.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return Failure::of_errno("no supervisor answers at " + path);
    ControlRequest const request{control_version, ControlVerb::set_offset, offset.seconds,
                                 offset.nanoseconds, 0};
    ControlReply reply{};
    if (send(made.number(), &request, sizeof request, MSG_NOSIGNAL) != sizeof request ||
        recv(made.number(), &reply, sizeof reply, 0) != sizeof reply)
        return Failure::of_errno("the supervisor at " + path + " ended");
    if (reply.error != 0) {
        errno = reply.error;
        return Failure::of_errno("the supervisor at " + path + " refuses");
    }
    return Failure::none();
}

}  // namespace vdsokit::on_linux
