// SPDX-License-Identifier: BSD-2-Clause
// An open file description: what a descriptor refers to. Shared by dup, fork and threads, so it
// counts its users; the last one closes it. What is behind it is a Node; where it was found, an
// Entry (files/node.h, files/entry.h).
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/files/open_flags.h"
#include "hosts/personality/list.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Entry;
class Node;
class Watch;  // of an epoll
struct OnFile;

class File {
public:
    // done(0) and a file with one user, that retains the entry; an error; or a wait, after which
    // the same call comes again (a fifo without a partner). `call` nullptr: the host opens it, and
    // a fifo does not wait.
    static Outcome open(Call* call, Entry& entry, OpenFlags flags, File*& file);
    void retain() { users_ += 1; }
    void release();

    // One page of the contents, for mmap: a frame shared with the page cache, retained for the
    // caller. no_frame with `past_end` false: out of memory.
    host::Frame page(u64 index, bool& past_end);
    // Reads into the host's own memory (exec, #!). Bytes read, 0 at the end, or a negative errno.
    // Regular files only.
    i64 read_at(u64 offset, void* to, u64 size);
    u64 size() const;
    bool is_regular() const;
    // A regular file with an execute bit.
    bool is_executable() const;
    // Opened for reading; mmap of any kind needs that (EACCES).
    bool may_read() const { return flags_.may_read(); }
    // Opened for reading and writing, and of a kind whose frames are its contents.
    bool may_map_shared_writable() const;
    // Its contents are in frames that somebody may still write.
    bool may_change() const;
    // The absolute path where it stands now, for /proc/self/exe and maps. In a buffer of this
    // folder: valid until the next call of path().
    char const* path() const;
    // For maps: the file system's device number, as stat's st_dev, and the node's number.
    u64 device() const;
    u64 inode() const;

    Entry& entry() const { return *entry_; }
    Node& node() const;
    OpenFlags& flags() { return flags_; }
    OpenFlags const& flags() const { return flags_; }
    u64& offset() { return offset_; }
    // For the node: whatever it needs to remember of this opening.
    u64& node_state() { return node_state_; }
    // The epolls that watch it; it leaves them when it closes.
    List<Watch, OnFile>& watches() { return watches_; }

    File(Entry& entry, OpenFlags flags) : entry_(&entry), flags_(flags) {}

private:
    Entry* entry_;
    OpenFlags flags_;
    u32 users_ = 1;
    u64 offset_ = 0;
    u64 node_state_ = 0;
    List<Watch, OnFile> watches_;
};

// Opens a regular file for the host itself (exec, the program interpreter), for reading, relative
// to the process's current directory. nullptr: errno in `error`; EACCES for what is not regular.
File* open_file(Process& process, char const* path, Errno& error);

// An open file without a name in the tree, such as one end of a pipe. Takes over one user of the
// node in every case. nullptr: out of memory. A label longer than a name can be is cut.
File* open_anonymous(Node* node, char const* label, OpenFlags flags);

}  // namespace vdsokit::personality
