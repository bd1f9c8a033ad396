// SPDX-License-Identifier: BSD-2-Clause
// epoll: a set of watches, each of one open file under one descriptor number. Every wait looks at
// all of them; a file that closes takes its watches with it.
#pragma once

#include "hosts/personality/files/node.h"
#include "hosts/personality/list.h"

namespace vdsokit::personality {

// struct epoll_event of every CPU but x86-64, where it is packed [include/uapi/linux/eventpoll.h].
struct EpollEvent {
    u32 events;
    u32 padding;
    u64 data;
};
static_assert(sizeof(EpollEvent) == 16);

namespace epoll_flag {
inline constexpr u32 exclusive = 1u << 28, wake_up = 1u << 29, one_shot = 1u << 30, edge = 1u << 31;
}

class Epoll;
struct OfEpoll;

class Watch : public Link<OnFile>, public Link<OfEpoll> {
public:
    Watch(Epoll& epoll, File& file, i32 descriptor, EpollEvent event)
        : epoll_(&epoll), file_(&file), descriptor_(descriptor), event_(event) {}

    bool is_of(File const& file, i32 descriptor) const {
        return file_ == &file && descriptor_ == descriptor;
    }
    Epoll& epoll() const { return *epoll_; }
    File& file() const { return *file_; }
    void change(EpollEvent event);
    // The events to report now; 0: none.
    u32 pending() const;
    // They are reported: an edge waits for the next, a single shot is over.
    EpollEvent report(u32 events);

private:
    Epoll* epoll_;
    File* file_;
    i32 descriptor_;
    EpollEvent event_;
    u64 seen_activity_ = ~u64{0};
};

class Epoll final : public Node {
public:
    static Epoll* make(FileSystem& file_system);
    Outcome add(File& file, i32 descriptor, EpollEvent event);
    Outcome change(File& file, i32 descriptor, EpollEvent event);
    Outcome remove(File& file, i32 descriptor);
    // Stores up to `most` events. 0: nothing is ready. Negative: EFAULT.
    Outcome collect(Memory& memory, VirtualAddress to, u32 most);

    u32 ready(File& file) override;
    Epoll* as_epoll() override { return this; }

    explicit Epoll(FileSystem& file_system) : Node(file_system, 0600) {}

private:
    void destroy() override;
    Watch* find(File& file, i32 descriptor);
    friend void drop_watch(Watch& watch);

    List<Watch, OfEpoll> watches_;
    // An epoll may watch epolls or be watched by one, not both: no loops, and no deep recursion.
    u32 epolls_inside_ = 0;
    u32 epolls_around_ = 0;
};

// Takes the watch off both its lists and frees it.
void drop_watch(Watch& watch);

}  // namespace vdsokit::personality
