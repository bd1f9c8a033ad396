// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/node.h"

#include "hosts/personality/files/now.h"

namespace vdsokit::personality {

Node::Node(FileSystem& file_system, u32 with_mode)
    : mode(with_mode), file_system_(&file_system), inode_(file_system.next_inode++) {
    kit::Timespec const now = realtime_now();
    times = {now, now, now};
}

void Node::release() {
    users_ -= 1;
    if (users_ == 0) destroy();
}

void Node::modified() {
    times.modification = realtime_now();
    times.change = times.modification;
}

void Node::changed() { times.change = realtime_now(); }

Outcome Node::read(Io const&) {
    return Outcome::error(is_directory() ? Errno::isdir : Errno::inval);
}
Outcome Node::write(Io const&) { return Outcome::error(Errno::inval); }
Outcome Node::truncate(u64) { return Outcome::error(is_directory() ? Errno::isdir : Errno::inval); }
Outcome Node::allocate(u64, u64, bool, bool) {
    switch (kind()) {
    case NodeKind::directory: return Outcome::error(Errno::isdir);
    case NodeKind::fifo: return Outcome::error(Errno::spipe);
    case NodeKind::regular: return Outcome::error(Errno::notsup);
    case NodeKind::anonymous:
    case NodeKind::character:
    case NodeKind::block:
    case NodeKind::symlink:
    case NodeKind::socket: break;
    }
    return Outcome::error(Errno::nodev);
}
OrErrno<u64> Node::seek_data(u64, bool) { return Errno::inval; }
host::Frame Node::page(u64, bool& past_end) {
    past_end = true;
    return host::no_frame;
}
u32 Node::ready(File&) { return Ready::readable | Ready::writable; }
Outcome Node::control(Call&, File&) { return Outcome::error(Errno::notty); }
Outcome Node::opened(Call*, File&) { return Outcome::done(0); }
void Node::closed(File&) {}
OrErrno<Entry*> Node::find(Entry&, Name, Process*) { return Errno::notdir; }
void Node::list(Entry&, u64, DirectoryWriter&, Process*) {}
OrErrno<Entry*> Node::jump(Process*) { return Errno::inval; }

void Node::notify(u64 number) {
    activity_ += 1;
    wake(queue(number));
    wake(any_file_ready());
}

WaitKey any_file_ready() {
    static constexpr u8 pollers = 0;
    return {&pollers, 0};
}

}  // namespace vdsokit::personality
