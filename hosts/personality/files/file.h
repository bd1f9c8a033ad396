// SPDX-License-Identifier: BSD-2-Clause
// An open file description: what a descriptor refers to. Shared by dup, fork and threads, so it
// counts its users; the last one closes it. What is behind it is a Node; where it was found, an
// Entry (files/node.h, files/entry.h).
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/files/open_flags.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Entry;
class Node;

class File {
public:
    // Takes a user of the entry of its own. One user; nullptr: out of memory, or the node refused
    // (then its errno stands in `error`).
    static File* open(Process* process, Entry& entry, OpenFlags flags, Errno& error);
    void retain();
    void release();

    // One page of the contents, for mmap: a frame shared with the page cache, retained for the
    // caller. no_frame with `past_end` false: out of memory.
    host::Frame page(u64 index, bool& past_end);
    // Reads into the host's own memory (exec, #!). Bytes read, 0 at the end, or a negative errno.
    i64 read_at(u64 offset, void* to, u64 size);
    u64 size() const;
    bool is_regular() const;
    // A regular file with an execute bit.
    bool is_executable() const;
    // Opened for reading; mmap of any kind needs that (EACCES).
    bool may_read() const { return flags_.may_read(); }
    bool may_map_shared_writable() const;
    // The absolute path where it stands now, for /proc/self/exe and maps. In a buffer of this
    // folder: valid until the next call of path().
    char const* path() const;
    // For maps: the file system's device number and the node's number.
    u64 device() const;
    u64 inode() const;

    Entry& entry() const { return *entry_; }
    Node& node() const;
    OpenFlags& flags() { return flags_; }
    OpenFlags const& flags() const { return flags_; }
    u64& offset() { return offset_; }
    // True once for a node that needs to know, e.g. a pipe whose writers were seen to be there.
    u64& node_state() { return node_state_; }

    File(Entry& entry, OpenFlags flags) : entry_(&entry), flags_(flags) {}

private:
    Entry* entry_;
    OpenFlags flags_;
    u32 users_ = 1;
    u64 offset_ = 0;
    u64 node_state_ = 0;
};

// Opens a path for the host itself (exec, the program interpreter), for reading and relative to the
// process's current directory. nullptr: errno in `error`.
File* open_file(Process& process, char const* path, Errno& error);

}  // namespace vdsokit::personality
