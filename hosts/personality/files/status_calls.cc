// SPDX-License-Identifier: BSD-2-Clause
// Calls that ask about files.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/status.h"

namespace vdsokit::personality::file_call {

namespace {

constexpr u32 stat_flags = at_flag::no_follow | at_flag::no_automount | at_flag::empty_path;

Outcome access(Call& call, u32 flags) {
    constexpr u32 execute = 1, write = 2, all = 7;
    constexpr u32 known = at_flag::effective_ids | at_flag::no_follow | at_flag::empty_path;
    u32 const mode = static_cast<u32>(call.argument(2));
    if ((mode & ~all) != 0 || (flags & ~known) != 0) return Outcome::error(Errno::inval);
    auto const found = entry_at(call, 0, flags);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    Node const& node = entry->node();
    bool const has_contents = node.kind() == NodeKind::regular || node.is_directory();
    if ((mode & write) != 0 && has_contents && node.is_read_only())
        return Outcome::error(Errno::rofs);
    // Everyone is root: all that can be refused is to execute what nobody may.
    constexpr u32 any_execute = 0111;
    if ((mode & execute) != 0 && node.kind() == NodeKind::regular && (node.mode & any_execute) == 0)
        return Outcome::error(Errno::access);
    return Outcome::done(0);
}

}  // namespace

Outcome newfstatat(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(3));
    if ((flags & ~stat_flags) != 0) return Outcome::error(Errno::inval);
    auto const found = entry_at(call, 0, flags);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    return store(call, 2, stat_of(entry->node()));
}

Outcome fstat(Call& call) {
    File* const file = file_or_path_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    return store(call, 1, stat_of(file->node()));
}

Outcome statx(Call& call) {
    constexpr u32 sync_type = 0x6000, reserved_mask = 1u << 31;
    u32 const flags = static_cast<u32>(call.argument(2));
    u32 const mask = static_cast<u32>(call.argument(3));
    if ((flags & ~(stat_flags | sync_type)) != 0 || (flags & sync_type) == sync_type ||
        (mask & reserved_mask) != 0)
        return Outcome::error(Errno::inval);
    auto const found = entry_at(call, 0, flags);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    return store(call, 4, statx_of(entry->node()));
}

Outcome statfs(Call& call) {
    auto const path = path_at(call, 0);
    if (!path) return Outcome::error(path.error());
    auto const found = walk_to(&call.process, call.process.descriptors().directory(), path.value(),
                               LastLink::follow);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    return store(call, 1, statfs_of(entry->node().file_system()));
}

Outcome fstatfs(Call& call) {
    File* const file = file_or_path_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    return store(call, 1, statfs_of(file->node().file_system()));
}

Outcome faccessat(Call& call) { return access(call, 0); }

Outcome faccessat2(Call& call) { return access(call, static_cast<u32>(call.argument(3))); }

Outcome readlinkat(Call& call) {
    static constinit char buffer[longest_path];
    i32 const capacity = call.number(3);
    if (capacity <= 0) return Outcome::error(Errno::inval);
    auto const found = entry_at(call, 0, at_flag::no_follow | at_flag::empty_path);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    Node& node = entry->node();
    // Without a path the descriptor itself must be a link: ENOENT, as Linux says then.
    if (node.kind() != NodeKind::symlink) {
        auto const path = path_at(call, 1);
        bool const has_path = path && !path.value().empty();
        return Outcome::error(has_path ? Errno::inval : Errno::noent);
    }
    kit::Bytes text = node.link_text();
    if (text.size() == 0) {
        auto const target = node.jump(&call.process);
        if (!target) return Outcome::error(target.error());
        Held<Entry> const held(target.value());
        char const* const path = held->path(buffer, sizeof(buffer));
        if (path == nullptr) return Outcome::error(Errno::nametoolong);
        text = {reinterpret_cast<u8 const*>(path),
                static_cast<u64>(buffer + sizeof(buffer) - 1 - path)};
    }
    u64 const room = static_cast<u64>(capacity);
    u64 const size = text.size() < room ? text.size() : room;
    if (!call.process.memory().copy_out(call.address(2), text.data(), size))
        return Outcome::error(Errno::fault);
    return Outcome::done(size);
}

}  // namespace vdsokit::personality::file_call
