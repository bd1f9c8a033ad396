// SPDX-License-Identifier: BSD-2-Clause
// A process's memory: its regions and the page tables below them. The only way to a process's
// bytes. Pages come when they are first touched; after a fork they are shared until written.
#pragma once

#include "hosts/personality/outcome.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class File;

enum class Touch : u8 { read, write, execute };

enum class TouchResult : u8 {
    present,        // go on
    not_mapped,     // SIGSEGV, SEGV_MAPERR
    not_allowed,    // SIGSEGV, SEGV_ACCERR
    past_end,       // SIGBUS: a file mapping beyond the file's end
    out_of_memory,  // SIGKILL
};

class Memory {
public:
    // An empty address space with one user.
    static Memory* create();
    void retain();   // clone(CLONE_VM)
    void release();  // the last user destroys it
    // fork: the same regions, private pages copy-on-write. nullptr: out of memory.
    Memory* fork();

    host::AddressSpace& space();

    // Makes the page at `address` usable for `touch`, as a page fault does.
    TouchResult touch(VirtualAddress address, Touch touch);

    // False: some byte is not mapped or not allowed (EFAULT). A partial copy may have happened.
    [[nodiscard]] bool copy_in(void* to, VirtualAddress from, u64 size);
    [[nodiscard]] bool copy_out(VirtualAddress to, void const* from, u64 size);
    template <class T>
    [[nodiscard]] bool load(T& to, VirtualAddress from) { return copy_in(&to, from, sizeof(T)); }
    template <class T>
    [[nodiscard]] bool store(VirtualAddress to, T const& from) {
        return copy_out(to, &from, sizeof(T));
    }
    // Length of the string without its NUL, or a negative errno: fault, or nametoolong when there
    // is no NUL in the first `capacity` bytes.
    i64 copy_string_in(char* to, VirtualAddress from, u64 capacity);
};

}  // namespace vdsokit::personality
