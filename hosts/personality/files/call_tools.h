// SPDX-License-Identifier: BSD-2-Clause
// What the system calls of this folder share: descriptors and paths among their arguments.
#pragma once

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/files/walk.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

// [include/uapi/linux/fcntl.h]
namespace at_flag {
inline constexpr i32 current_directory = -100;
inline constexpr u32 no_follow = 0x100, effective_ids = 0x200, remove_directory = 0x200,
                     follow = 0x400, no_automount = 0x800, empty_path = 0x1000;
}  // namespace at_flag

inline Outcome error_of(i64 negative) { return Outcome::error(static_cast<Errno>(-negative)); }

template <class T>
Outcome store(Call& call, u32 argument, T const& value) {
    return call.process.memory().store(call.address(argument), value)
               ? Outcome::done(0)
               : Outcome::error(Errno::fault);
}

// The open file of a descriptor argument. nullptr: EBADF, also for one that only names a place
// (O_PATH), unless that is asked for.
File* file_at(Call& call, u32 argument);
File* file_or_path_at(Call& call, u32 argument);

// A path argument, in one of two buffers of this folder: valid until the same one is used again.
enum class PathBuffer : u8 { first, second };
OrErrno<Name> path_at(Call& call, u32 argument, PathBuffer buffer = PathBuffer::first);

// Where a path that is not absolute begins: the directory of the descriptor argument before it.
OrErrno<Entry*> start_of(Call& call, u32 descriptor_argument, Name path);

// Walks the path of arguments `at` (descriptor) and `at` + 1 (path).
Outcome walk_at(Call& call, u32 at, LastLink last, Place& place,
                PathBuffer buffer = PathBuffer::first);

// The same to what must exist, or with AT_EMPTY_PATH and an empty path to the descriptor itself.
// `flags`: at_flag::no_follow and at_flag::empty_path count. Retained.
OrErrno<Entry*> entry_at(Call& call, u32 at, u32 flags);

// How many descriptors the process may have: its RLIMIT_NOFILE.
u32 descriptor_limit_of(Process& process);

// Puts a new file into the table, or gives its user back.
Outcome add_descriptor(Call& call, File* file, bool close_on_exec);

// EROFS, or ENOENT for a directory that has been removed; done(0): names in it can change.
Outcome check_can_change(Entry& directory);
// Also ENOSPC, when what is left of memory is left to programs.
Outcome check_can_add(Entry& directory);

}  // namespace vdsokit::personality
