// SPDX-License-Identifier: BSD-2-Clause
// A process and its threads.
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Descriptors;  // files/: the table of open files and the current directory (retain, release, fork)
class Memory;
class File;

class Process {
public:
    i32 id() const;
    i32 parent_id() const;
    i32 group_id() const;
    i32 session_id() const;
    Memory& memory();
    Descriptors& descriptors();
    File* executable();                    // retained; /proc/self/exe
    u64 const* auxv(u64& words) const;     // for /proc/self/auxv
    static Process* find(i32 id);
    // Sends `signal` to every process of a group (the terminal's ^C) or to one process.
    static void signal_group(i32 group, i32 signal);
    void signal(i32 signal);
};

}  // namespace vdsokit::personality
