// SPDX-License-Identifier: BSD-2-Clause
// What a process knows of files: its table of descriptors, its current directory and its umask.
// The table and the directory are counted on their own, because clone() shares either alone
// (CLONE_FILES, CLONE_FS).
#pragma once

#include "hosts/personality/files/file.h"

namespace vdsokit::personality {

class DescriptorTable;
class Surroundings;

// The greatest RLIMIT_NOFILE.
inline constexpr u32 descriptor_limit = 1024;

class Descriptors {
public:
    // No descriptor open, current directory "/", umask 022. One user; nullptr: out of memory.
    // start_files() has been called.
    static Descriptors* create();
    void retain();
    void release();  // the last user closes everything
    // fork and clone: a new one that shares, or else copies, each half. nullptr: out of memory.
    Descriptors* fork(bool share_table, bool share_surroundings);
    // exec: closes what is marked so, in a table that is this process's alone from then on.
    // False: out of memory, nothing closed.
    [[nodiscard]] bool on_exec();
    // The table is this process's alone from then on. False: out of memory, it is as before.
    [[nodiscard]] bool unshare_table();

    // The lowest free number from `lowest` up that is below `limit`; takes over one user of the
    // file. Negative errno: mfile or nomem (the file keeps its user).
    i32 add(File& file, bool close_on_exec, u32 lowest = 0, u32 limit = descriptor_limit);
    // Not retained. nullptr: not open.
    File* find(i32 descriptor) const;
    // False: it was not open.
    bool close(i32 descriptor);
    // Takes over one user of the file; closes what was there. Precondition: below the limit.
    // False: out of memory.
    [[nodiscard]] bool replace(i32 descriptor, File& file, bool close_on_exec);
    bool close_on_exec(i32 descriptor) const;
    void set_close_on_exec(i32 descriptor, bool close);
    // The lowest open number that is not below `from`, or -1.
    i32 next_open(u32 from) const;

    Entry& directory() const;  // not retained
    void change_directory(Entry& to);
    u32 umask() const;
    void set_umask(u32 mask);

    Descriptors(DescriptorTable& table, Surroundings& surroundings)
        : table_(&table), surroundings_(&surroundings) {}

private:
    DescriptorTable* table_;
    Surroundings* surroundings_;
    u32 users_ = 1;
};

}  // namespace vdsokit::personality
