// SPDX-License-Identifier: BSD-2-Clause
// Writes the records of getdents64 into a process, as many as fit.
#pragma once

#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

class DirectoryWriter {
public:
    DirectoryWriter(Memory& memory, VirtualAddress to, u64 capacity)
        : memory_(memory), to_(to), capacity_(capacity) {}

    // False: it did not fit, or faulted; go no further. `cookie` is where the next call goes on
    // after this record.
    bool add(Name name, u64 inode, NodeKind kind, u64 cookie);

    u64 written() const { return written_; }
    u64 last_cookie() const { return last_cookie_; }
    // EINVAL when not even one record fitted, EFAULT; else the bytes written.
    Outcome outcome() const;

private:
    Memory& memory_;
    VirtualAddress to_;
    u64 capacity_;
    u64 written_ = 0;
    u64 last_cookie_ = 0;
    bool was_full_ = false;
    bool has_faulted_ = false;
};

}  // namespace vdsokit::personality
