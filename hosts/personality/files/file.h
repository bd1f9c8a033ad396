// SPDX-License-Identifier: BSD-2-Clause
// An open file description: what a descriptor refers to. Shared by dup, fork and threads, so it
// counts its users; the last one closes it.
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Memory;

class File {
public:
    void retain();
    void release();

    // One page of the contents, for mmap: a frame shared with the page cache, retained for the
    // caller. no_frame with `past_end` false: out of memory.
    host::Frame page(u64 index, bool& past_end);
    // Reads into the host's own memory (exec, #!). Bytes read, 0 at the end, or a negative errno.
    i64 read_at(u64 offset, void* to, u64 size);
    u64 size() const;
    bool is_regular() const;
    bool is_executable() const;
    bool may_map_shared_writable() const;
    // The absolute path it was opened by, for /proc/self/exe and maps.
    char const* path() const;
};

// Opens a path for the host itself (exec, the program interpreter). nullptr: errno in `error`.
File* open_file(Process& process, char const* path, Errno& error);

}  // namespace vdsokit::personality
