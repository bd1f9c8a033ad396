// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/epoll.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<Watch> all_watches;
constinit Pool<Epoll> epolls;

constexpr u32 always_reported = Ready::error | Ready::hang_up;
constexpr u32 flags_of_watch =
    epoll_flag::exclusive | epoll_flag::wake_up | epoll_flag::one_shot | epoll_flag::edge;

}  // namespace

void drop_watch(Watch& watch) {
    static_cast<Link<OnFile>&>(watch).unlink();
    static_cast<Link<OfEpoll>&>(watch).unlink();
    if (Epoll* const inside = watch.file().node().as_epoll()) {
        inside->epolls_around_ -= 1;
        watch.epoll().epolls_inside_ -= 1;
    }
    all_watches.free(&watch);
}

void Watch::change(EpollEvent event) {
    event_ = event;
    seen_activity_ = ~u64{0};
}

u32 Watch::pending() const {
    u32 const wanted = event_.events & ~flags_of_watch;
    // A single shot that has been reported wants nothing until it is set again.
    if (wanted == 0) return 0;
    if ((event_.events & epoll_flag::edge) != 0 && file_->node().activity() == seen_activity_)
        return 0;
    return file_->node().ready(*file_) & (wanted | always_reported);
}

EpollEvent Watch::report(u32 events) {
    seen_activity_ = file_->node().activity();
    if ((event_.events & epoll_flag::one_shot) != 0) event_.events &= flags_of_watch;
    return {events, 0, event_.data};
}

Epoll* Epoll::make(FileSystem& file_system) { return epolls.make(file_system); }

void Epoll::destroy() {
    while (Watch* const watch = watches_.front()) drop_watch(*watch);
    epolls.free(this);
}

Watch* Epoll::find(File& file, i32 descriptor) {
    for (Watch& watch : watches_)
        if (watch.is_of(file, descriptor)) return &watch;
    return nullptr;
}

Outcome Epoll::add(File& file, i32 descriptor, EpollEvent event) {
    Epoll* const inside = file.node().as_epoll();
    if (inside == this) return Outcome::error(Errno::inval);
    switch (file.node().kind()) {
    case NodeKind::regular:
    case NodeKind::directory: return Outcome::error(Errno::perm);  // always ready: no use
    case NodeKind::anonymous:
    case NodeKind::fifo:
    case NodeKind::character:
    case NodeKind::block:
    case NodeKind::symlink:
    case NodeKind::socket: break;
    }
    if (find(file, descriptor) != nullptr) return Outcome::error(Errno::exist);
    if (inside != nullptr && (inside->epolls_inside_ > 0 || epolls_around_ > 0))
        return Outcome::error(Errno::loop);
    Watch* const watch = all_watches.make(*this, file, descriptor, event);
    if (watch == nullptr) return Outcome::error(Errno::nomem);
    file.watches().push_back(*watch);
    watches_.push_back(*watch);
    if (inside != nullptr) {
        epolls_inside_ += 1;
        inside->epolls_around_ += 1;
    }
    notify(0);
    return Outcome::done(0);
}

Outcome Epoll::change(File& file, i32 descriptor, EpollEvent event) {
    Watch* const watch = find(file, descriptor);
    if (watch == nullptr) return Outcome::error(Errno::noent);
    watch->change(event);
    notify(0);
    return Outcome::done(0);
}

Outcome Epoll::remove(File& file, i32 descriptor) {
    Watch* const watch = find(file, descriptor);
    if (watch == nullptr) return Outcome::error(Errno::noent);
    drop_watch(*watch);
    return Outcome::done(0);
}

Outcome Epoll::collect(Memory& memory, VirtualAddress to, u32 most) {
    u64 count = 0;
    Watch* const last = watches_.back();
    while (count < most && last != nullptr) {
        Watch& watch = *watches_.front();
        u32 const events = watch.pending();
        if (events != 0) {
            EpollEvent const event = watch.report(events);
            if (!memory.store({to.value + count * sizeof(event)}, event))
                return count > 0 ? Outcome::done(count) : Outcome::error(Errno::fault);
            count += 1;
        }
        // Round the list, so that with few places all files get their turn.
        static_cast<Link<OfEpoll>&>(watch).unlink();
        watches_.push_back(watch);
        if (&watch == last) break;
    }
    return Outcome::done(count);
}

u32 Epoll::ready(File&) {
    for (Watch& watch : watches_)
        if (watch.pending() != 0) return Ready::readable;
    return 0;
}

}  // namespace vdsokit::personality
