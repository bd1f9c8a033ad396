// SPDX-License-Identifier: BSD-2-Clause
// From a path to an entry [path_resolution(7)]: symbolic links, "..", trailing slashes, and the
// directory in which a name that does not exist yet would be made. Uses no recursion, and no copy
// of a path but the last name.
#pragma once

#include "hosts/personality/files/entry.h"
#include "hosts/personality/files/held.h"

namespace vdsokit::personality {

// What becomes of the last name if it is a symbolic link.
enum class LastLink : u8 {
    follow,
    keep,       // but a slash behind it follows it
    name_only,  // in every case: a call that makes, removes or renames the name itself
};

// Where a path leads, its last name apart.
struct Place {
    Held<Entry> parent;            // the directory of the last name
    Held<Entry> entry;             // what stands there; none: nothing does
    bool has_name = false;         // false: the path ends in ".", ".." or is "/"; `entry` is set
    bool wants_directory = false;  // a slash follows the last name
    u64 name_size = 0;
    char name_bytes[longest_name];

    Name name() const { return {name_bytes, name_size}; }
};

// done(0), or why the path leads nowhere. A missing last name is no error here. `process` is whose
// /proc/self it is; nullptr: the host's own look-ups.
Outcome walk(Process* process, Entry& start, Name path, LastLink last, Place& place);

// The same where the last name must exist: ENOENT, or ENOTDIR behind a slash. Retained.
OrErrno<Entry*> walk_to(Process* process, Entry& start, Name path, LastLink last);

}  // namespace vdsokit::personality
