// SPDX-License-Identifier: BSD-2-Clause
// What a file is, apart from its names (Entry) and from who has it open (File): an inode with its
// operations. Each operation that a kind of node lacks has Linux's errno for that here. Nodes come
// from pools of their own kind; destroy() gives them back.
#pragma once

#include "hosts/personality/files/file.h"
#include "hosts/personality/files/transfer.h"
#include "kit/core/bytes.h"
#include "kit/core/result.h"
#include "kit/image/text.h"
#include "kit/time/units.h"

namespace vdsokit::personality {

using Name = kit::Text;
template <class T>
using OrErrno = kit::Result<T, Errno>;

// The bits of S_IFMT.
enum class NodeKind : u32 {
    anonymous = 0,  // eventfd, timerfd, epoll
    fifo = 0010000,
    character = 0020000,
    directory = 0040000,
    block = 0060000,
    regular = 0100000,
    symlink = 0120000,
    socket = 0140000,
};
inline constexpr u32 kind_mask = 0170000;
inline constexpr u32 permission_mask = 07777;

struct FileSystem {
    char const* type;  // as in /proc/mounts
    char const* mount_point;
    u64 magic;   // statfs
    u32 device;  // minor number; the major is 0
    bool read_only;
    u64 next_inode = 2;  // 1 is the root's
    u64 frames = 0;      // that its contents hold
};

struct Times {
    kit::Timespec access;
    kit::Timespec modification;
    kit::Timespec change;
};

// Bits of poll(2).
struct Ready {
    static constexpr u32 in = 1, urgent = 2, out = 4, error = 8, hang_up = 16, invalid = 32;
    static constexpr u32 read_normal = 0x40, write_normal = 0x100;
    static constexpr u32 readable = in | read_normal, writable = out | write_normal;
};

// One read or write.
struct Io {
    File& file;
    Transfer& transfer;
    u64 offset;
    Call* call;  // nullptr only for a regular file that the host itself reads
};

class DirectoryWriter;
class Epoll;
class Pipe;
class TimerFile;

class Node {
public:
    void retain() { users_ += 1; }
    void release();

    NodeKind kind() const { return static_cast<NodeKind>(mode & kind_mask); }
    bool is_directory() const { return kind() == NodeKind::directory; }
    FileSystem& file_system() const { return *file_system_; }
    u64 inode() const { return inode_; }
    void modified();  // contents: mtime and ctime are now
    void changed();   // attributes: ctime is now
    // Wakes those who wait for this queue of the node, and those who poll.
    void notify(u64 queue);
    WaitKey queue(u64 number) const { return {this, number}; }

    u32 mode;  // with the kind
    u32 user = 0;
    u32 group = 0;
    u32 links = 1;
    Times times;

    // Contents.
    virtual u64 size() const { return 0; }
    virtual u64 blocks() const { return 0; }  // of 512 bytes
    virtual bool is_seekable() const { return false; }
    virtual bool is_read_only() const { return file_system_->read_only; }
    virtual Outcome read(Io const& io);
    virtual Outcome write(Io const& io);
    virtual Outcome truncate(u64 size);
    // fallocate. Punching makes a hole; otherwise the range is there afterwards.
    virtual Outcome allocate(u64 offset, u64 size, bool keep_size, bool punch);
    virtual OrErrno<u64> seek_data(u64 offset, bool hole);
    virtual host::Frame page(u64 index, bool& past_end);
    virtual bool may_map_shared_writable() const { return false; }

    // Readiness, as the bits of poll(2), and a number that changes when it may have become more:
    // what an edge-triggered epoll goes by.
    virtual u32 ready(File& file);
    virtual u64 activity() { return activity_; }
    // ioctl: arguments as in the call.
    virtual Outcome control(Call& call, File& file);
    // done(0), an error, or a wait that is tried again (a fifo without a partner).
    virtual Outcome opened(Call* call, File& file);
    virtual void closed(File& file);

    // A directory's entries. The answer is retained.
    virtual OrErrno<Entry*> find(Entry& self, Name name, Process* process);
    // Adds what follows `cookie` until the writer is full; cookies 1 and 2 are "." and "..".
    virtual void list(Entry& self, u64 cookie, DirectoryWriter& writer, Process* process);

    // A symbolic link's text, valid while the node is retained, or else where it jumps to:
    // /proc/self/fd/3 leads to the open file itself, whatever its text says. Retained.
    virtual kit::Bytes link_text() { return {}; }
    virtual OrErrno<Entry*> jump(Process* process);

    // For the calls that are about one kind of node only.
    virtual Epoll* as_epoll() { return nullptr; }
    virtual Pipe* as_pipe() { return nullptr; }
    virtual TimerFile* as_timer() { return nullptr; }

    virtual u64 device_number() const { return 0; }  // st_rdev

    Node(FileSystem& file_system, u32 mode);
    Node(Node const&) = delete;
    Node& operator=(Node const&) = delete;

protected:
    ~Node() = default;
    // No user is left: free what it holds and itself.
    virtual void destroy() {}
    void set_inode(u64 inode) { inode_ = inode; }

private:
    FileSystem* file_system_;
    u64 inode_;
    u64 activity_ = 0;
    u32 users_ = 1;
};

// Everyone who waits for some file to become ready, whichever: a poll waits for many at once.
WaitKey any_file_ready();
// dev_t as stat fills it [include/linux/kdev_t.h new_encode_dev].
constexpr u64 device_of(u32 major, u32 minor) {
    return (minor & 0xff) | (u64{major} << 8) | (u64{minor & ~0xffU} << 12);
}

}  // namespace vdsokit::personality
