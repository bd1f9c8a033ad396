// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/pass_descriptor.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace vdsokit::on_linux {

namespace {

struct Message {
    char byte = 0;
    iovec content{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
    msghdr header{};

    Message() {
        header.msg_iov = &content;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = sizeof control;
    }
};

}  // namespace

bool send_descriptor(int channel, int descriptor) {
    Message message;
    cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    return sendmsg(channel, &message.header, MSG_NOSIGNAL) == 1;
}

Descriptor receive_descriptor(int channel) {
    Message message;
    ssize_t got;
    while ((got = recvmsg(channel, &message.header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
        continue;
    cmsghdr const* const rights = got == 1 ? CMSG_FIRSTHDR(&message.header) : nullptr;
    if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS) return Descriptor();
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(rights), sizeof descriptor);
    return Descriptor(descriptor);
}

bool send_ready(int channel) { return send(channel, "r", 1, MSG_NOSIGNAL) == 1; }

bool await_ready(int channel) {
    char byte;
    ssize_t got;
    while ((got = recv(channel, &byte, 1, 0)) < 0 && errno == EINTR) continue;
    return got == 1;
}

}  // namespace vdsokit::on_linux
