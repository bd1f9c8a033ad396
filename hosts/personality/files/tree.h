// SPDX-License-Identifier: BSD-2-Clause
// The one tree of files: the initramfs at "/", read-only; memory file systems at /tmp, /dev and
// /dev/shm; /proc. A mounted file system's root simply stands in the directory that it covers.
#pragma once

#include "hosts/personality/files/archive.h"
#include "hosts/personality/files/directory.h"

namespace vdsokit::personality {

// Errors carry the offset of the member.
using Unpacked = kit::Result<kit::Nothing, ArchiveFault>;

// Makes nodes and entries of the archive's members below `root`, whose node is a Directory. A later
// member of the same name replaces an earlier one, missing directories are made.
Unpacked unpack(kit::Bytes archive, Entry& root);

// Adds a node under a name. Takes over one user of the node in every case. The entry is the
// directory's; nullptr: out of memory.
Entry* add_node(Entry& directory, Name name, Node* node);

// Makes the whole tree. False: out of memory.
[[nodiscard]] bool build_tree();
// After build_tree(): the archive's file system and root.
FileSystem& archive_file_system();
// Mounts /tmp, /dev, /dev/shm and /proc; after unpack(). False: out of memory.
[[nodiscard]] bool mount_all();

// The file systems for /proc/mounts, in the order of mounting; nullptr after the last.
FileSystem const* mounted(u32 number);
// Where anonymous files (pipes, eventfd, memfd) belong.
FileSystem& anonymous_file_system();

}  // namespace vdsokit::personality
