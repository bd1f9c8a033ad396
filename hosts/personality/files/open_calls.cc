// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/memory_file.h"
#include "hosts/personality/files/tree.h"

namespace vdsokit::personality::file_call {

namespace {

// Gone once the file is open; F_GETFL does not show them.
constexpr u32 flags_of_opening = OpenFlags::create | OpenFlags::exclusive | OpenFlags::no_terminal |
                                 OpenFlags::truncate | OpenFlags::close_on_exec;
constexpr u32 flags_of_path =
    OpenFlags::directory | OpenFlags::no_follow | OpenFlags::path_only | OpenFlags::close_on_exec;

Outcome add_open(Call& call, Entry& entry, OpenFlags flags) {
    File* file = nullptr;
    OpenFlags const kept{(flags.bits & ~flags_of_opening) | OpenFlags::large_file};
    Outcome const opened = File::open(&call, entry, kept, file);
    if (file == nullptr) return opened;
    return add_descriptor(call, file, flags.has(OpenFlags::close_on_exec));
}

// A new file under the last name of the place.
Outcome create(Call& call, Place& place, u32 mode) {
    if (place.wants_directory) return Outcome::error(Errno::isdir);
    Outcome const check = check_can_add(*place.parent);
    if (check.value() != 0) return check;
    u32 const permissions = mode & permission_mask & ~call.process.descriptors().umask();
    Node& directory = place.parent->node();
    Entry* const entry = add_node(*place.parent, place.name(),
                                  MemoryFile::make(directory.file_system(), permissions));
    if (entry == nullptr) return Outcome::error(Errno::nospc);
    directory.modified();
    entry->retain();
    place.entry.reset(entry);
    return Outcome::done(0);
}

// O_TMPFILE: a file in the directory's file system that no directory lists.
Outcome open_temporary(Call& call, Place& place, OpenFlags flags, u32 mode) {
    if (!flags.may_write()) return Outcome::error(Errno::inval);
    if (!place.entry) return Outcome::error(Errno::noent);
    Node& directory = place.entry->node();
    if (!directory.is_directory()) return Outcome::error(Errno::notdir);
    Outcome const check = check_can_add(*place.entry);
    if (check.value() != 0) return check;
    u32 const permissions = mode & permission_mask & ~call.process.descriptors().umask();
    MemoryFile* const node = MemoryFile::make(directory.file_system(), permissions);
    if (node == nullptr) return Outcome::error(Errno::nospc);
    node->links = 0;
    OpenFlags const kept{(flags.bits & ~flags_of_opening) | OpenFlags::large_file};
    return add_descriptor(call, open_anonymous(node, "#tmpfile (deleted)", kept),
                          flags.has(OpenFlags::close_on_exec));
}

Outcome open_present(Call& call, Place const& place, OpenFlags flags) {
    Entry& entry = *place.entry;
    Node& node = entry.node();
    if (place.wants_directory && !node.is_directory()) return Outcome::error(Errno::notdir);
    if (flags.has(OpenFlags::directory) && !node.is_directory())
        return Outcome::error(Errno::notdir);
    if (flags.has(OpenFlags::path_only)) return add_open(call, entry, flags);
    bool const changes = flags.may_write() || flags.has(OpenFlags::truncate);
    switch (node.kind()) {
    case NodeKind::symlink: return Outcome::error(Errno::loop);
    case NodeKind::directory:
        if (changes || flags.has(OpenFlags::create)) return Outcome::error(Errno::isdir);
        break;
    case NodeKind::regular:
        if (changes && node.is_read_only()) return Outcome::error(Errno::rofs);
        if (flags.has(OpenFlags::truncate)) {
            Outcome const truncated = node.truncate(0);
            if (truncated.value() != 0) return truncated;
        }
        break;
    case NodeKind::anonymous:
    case NodeKind::block:
    case NodeKind::socket: return Outcome::error(Errno::nxio);
    case NodeKind::fifo:
    case NodeKind::character: break;
    }
    return add_open(call, entry, flags);
}

}  // namespace

Outcome openat(Call& call) {
    OpenFlags flags{static_cast<u32>(call.argument(2))};
    u32 const mode = static_cast<u32>(call.argument(3));
    if (flags.has(OpenFlags::path_only)) flags.bits &= flags_of_path;
    bool const temporary = flags.has(OpenFlags::temporary);
    constexpr u32 temporary_bit = OpenFlags::temporary & ~OpenFlags::directory;
    if (!temporary && flags.has(temporary_bit)) return Outcome::error(Errno::inval);
    if (flags.has(OpenFlags::create | OpenFlags::directory)) return Outcome::error(Errno::inval);

    bool const creates_new = flags.has(OpenFlags::create | OpenFlags::exclusive);
    bool const keeps = flags.has(OpenFlags::no_follow) || creates_new;
    Place place;
    Outcome const walked = walk_at(call, 0, keeps ? LastLink::keep : LastLink::follow, place);
    if (walked.value() != 0) return walked;
    if (temporary) return open_temporary(call, place, flags, mode);
    if (place.entry) {
        if (creates_new) return Outcome::error(Errno::exist);
        return open_present(call, place, flags);
    }
    if (!flags.has(OpenFlags::create)) return Outcome::error(Errno::noent);
    Outcome const created = create(call, place, mode);
    if (created.value() != 0) return created;
    return add_open(call, *place.entry, flags);
}

Outcome close(Call& call) {
    return call.process.descriptors().close(call.number(0)) ? Outcome::done(0)
                                                            : Outcome::error(Errno::badf);
}

Outcome close_range(Call& call) {
    constexpr u32 unshare = 2;
    constexpr u32 mark_only = 4;
    u32 const first = static_cast<u32>(call.argument(0));
    u32 const last = static_cast<u32>(call.argument(1));
    u32 const flags = static_cast<u32>(call.argument(2));
    if ((flags & ~(unshare | mark_only)) != 0 || first > last) return Outcome::error(Errno::inval);
    Descriptors& descriptors = call.process.descriptors();
    if ((flags & unshare) != 0 && !descriptors.unshare_table()) return Outcome::error(Errno::nomem);
    for (i32 at = descriptors.next_open(first); at >= 0 && static_cast<u32>(at) <= last;
         at = descriptors.next_open(static_cast<u32>(at) + 1)) {
        if ((flags & mark_only) != 0)
            descriptors.set_close_on_exec(at, true);
        else
            static_cast<void>(descriptors.close(at));
    }
    return Outcome::done(0);
}

Outcome memfd_create(Call& call) {
    constexpr u32 close_on_exec = 1;
    constexpr u32 known = close_on_exec | 2 | 8 | 16;  // MFD_ALLOW_SEALING, NOEXEC_SEAL, EXEC
    constexpr u64 prefix_size = 6;
    u32 const flags = static_cast<u32>(call.argument(1));
    if ((flags & ~known) != 0) return Outcome::error(Errno::inval);
    char label[longest_name + 1] = "memfd:";
    i64 const size = call.process.memory().copy_string_in(label + prefix_size, call.address(0),
                                                          longest_name - prefix_size + 1);
    if (size < 0)
        return size == -static_cast<i64>(Errno::fault) ? error_of(size)
                                                       : Outcome::error(Errno::inval);
    MemoryFile* const node = MemoryFile::make(anonymous_file_system(), 0777);
    if (node != nullptr) node->links = 0;
    return add_descriptor(call, open_anonymous(node, label, OpenFlags{OpenFlags::read_write}),
                          (flags & close_on_exec) != 0);
}

}  // namespace vdsokit::personality::file_call
