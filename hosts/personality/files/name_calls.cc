// SPDX-License-Identifier: BSD-2-Clause
// Calls that make and remove names.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/device.h"
#include "hosts/personality/files/memory_file.h"
#include "hosts/personality/files/pipe.h"
#include "hosts/personality/files/symlink.h"
#include "hosts/personality/files/tree.h"

namespace vdsokit::personality::file_call {

namespace {

// Finds where a new name goes. EEXIST, ENOENT behind a slash unless a directory is made, EROFS.
Outcome find_free(Call& call, u32 at, bool makes_directory, Place& place,
                  PathBuffer buffer = PathBuffer::first) {
    Outcome const walked = walk_at(call, at, LastLink::name_only, place, buffer);
    if (walked.value() != 0) return walked;
    if (place.entry) return Outcome::error(Errno::exist);
    if (place.wants_directory && !makes_directory) return Outcome::error(Errno::noent);
    return check_can_add(*place.parent);
}

// Takes over one user of the node; nullptr: out of memory.
Outcome add(Place& place, Node* node) {
    if (add_node(*place.parent, place.name(), node) == nullptr) return Outcome::error(Errno::nospc);
    place.parent->node().modified();
    return Outcome::done(0);
}

u32 masked(Call& call, u32 mode, u32 allowed) {
    return mode & allowed & ~call.process.descriptors().umask();
}

Outcome remove_directory(Place const& place) {
    if (!place.has_name) {
        if (place.name() == Name(".")) return Outcome::error(Errno::inval);
        return Outcome::error(place.name() == Name("..") ? Errno::notempty : Errno::busy);
    }
    Node& node = place.entry->node();
    if (!node.is_directory()) return Outcome::error(Errno::notdir);
    Outcome const check = check_can_change(*place.parent);
    if (check.value() != 0) return check;
    if (&node.file_system() != &place.parent->node().file_system())
        return Outcome::error(Errno::busy);  // something is mounted there
    if (!static_cast<Directory&>(node).is_empty()) return Outcome::error(Errno::notempty);
    node.links = 0;
    place.parent->node().links -= 1;
    return Outcome::done(0);
}

Outcome remove_file(Place const& place) {
    if (!place.has_name) return Outcome::error(Errno::isdir);
    Node& node = place.entry->node();
    if (node.is_directory()) return Outcome::error(Errno::isdir);
    if (place.wants_directory) return Outcome::error(Errno::notdir);
    Outcome const check = check_can_change(*place.parent);
    if (check.value() != 0) return check;
    node.links -= 1;
    node.changed();
    return Outcome::done(0);
}

}  // namespace

Outcome mkdirat(Call& call) {
    constexpr u32 allowed = 01777;
    Place place;
    Outcome const found = find_free(call, 0, true, place);
    if (found.value() != 0) return found;
    u32 const permissions = masked(call, static_cast<u32>(call.argument(2)), allowed);
    return add(place, Directory::make(place.parent->node().file_system(), permissions));
}

Outcome mknodat(Call& call) {
    u32 const mode = static_cast<u32>(call.argument(2));
    u32 const kind = mode & kind_mask;
    constexpr u32 unnamed = 0;  // a regular file
    if (kind == static_cast<u32>(NodeKind::directory)) return Outcome::error(Errno::perm);
    bool const is_known = kind == unnamed || kind == static_cast<u32>(NodeKind::regular) ||
                          kind == static_cast<u32>(NodeKind::fifo) ||
                          kind == static_cast<u32>(NodeKind::character);
    if (!is_known)
        return Outcome::error(kind == static_cast<u32>(NodeKind::block) ||
                                      kind == static_cast<u32>(NodeKind::socket)
                                  ? Errno::perm
                                  : Errno::inval);
    Place place;
    Outcome const found = find_free(call, 0, false, place);
    if (found.value() != 0) return found;
    FileSystem& file_system = place.parent->node().file_system();
    u32 const permissions = masked(call, mode, permission_mask);
    if (kind == static_cast<u32>(NodeKind::fifo))
        return add(place, Pipe::make(file_system, permissions));
    if (kind == static_cast<u32>(NodeKind::character))
        return add(place,
                   DeviceNode::make(file_system, permissions, static_cast<u32>(call.argument(3))));
    return add(place, MemoryFile::make(file_system, permissions));
}

Outcome symlinkat(Call& call) {
    auto const text = path_at(call, 0, PathBuffer::second);
    if (!text) return Outcome::error(text.error());
    if (text.value().empty()) return Outcome::error(Errno::noent);
    Place place;
    Outcome const found = find_free(call, 1, false, place);
    if (found.value() != 0) return found;
    kit::Bytes const bytes(reinterpret_cast<u8 const*>(text.value().data()), text.value().size());
    return add(place, Symlink::make(place.parent->node().file_system(), bytes));
}

Outcome linkat(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(4));
    if ((flags & ~(at_flag::follow | at_flag::empty_path)) != 0)
        return Outcome::error(Errno::inval);
    u32 const no_follow = (flags & at_flag::follow) != 0 ? 0 : at_flag::no_follow;
    auto const old = entry_at(call, 0, (flags & at_flag::empty_path) | no_follow);
    if (!old) return Outcome::error(old.error());
    Held<Entry> const entry(old.value());
    Place place;
    Outcome const found = find_free(call, 2, false, place);
    if (found.value() != 0) return found;
    Node& node = entry->node();
    if (&node.file_system() != &place.parent->node().file_system())
        return Outcome::error(Errno::xdev);
    if (node.is_directory()) return Outcome::error(Errno::perm);
    // What has been removed stays so; a file of O_TMPFILE has never had a name.
    if (node.links == 0 && entry->is_deleted()) return Outcome::error(Errno::noent);
    node.retain();
    Outcome const added = add(place, &node);
    if (added.value() != 0) return added;
    node.links += 1;
    node.changed();
    return added;
}

Outcome unlinkat(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(2));
    if ((flags & ~at_flag::remove_directory) != 0) return Outcome::error(Errno::inval);
    Place place;
    Outcome const walked = walk_at(call, 0, LastLink::name_only, place);
    if (walked.value() != 0) return walked;
    if (!place.entry) return Outcome::error(Errno::noent);
    Outcome const outcome = flags != 0 ? remove_directory(place) : remove_file(place);
    if (outcome.value() != 0) return outcome;
    place.parent->node().modified();
    place.entry->remove();
    return outcome;
}

}  // namespace vdsokit::personality::file_call
