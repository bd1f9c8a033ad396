// SPDX-License-Identifier: BSD-2-Clause
// Calls that change what is kept about a file.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/now.h"
#include "hosts/personality/files/status.h"

namespace vdsokit::personality::file_call {

namespace {

constexpr u32 unchanged = ~u32{0};

Outcome set_mode(Node& node, u32 mode) {
    if (node.file_system().read_only) return Outcome::error(Errno::rofs);
    if (node.kind() == NodeKind::symlink) return Outcome::error(Errno::notsup);
    node.mode = (node.mode & kind_mask) | (mode & permission_mask);
    node.changed();
    return Outcome::done(0);
}

Outcome set_owner(Node& node, u32 user, u32 group) {
    if (node.file_system().read_only) return Outcome::error(Errno::rofs);
    if (user != unchanged) node.user = user;
    if (group != unchanged) node.group = group;
    node.changed();
    return Outcome::done(0);
}

// One of utimensat's two times. False: not a time.
bool choose(StatTime const& given, kit::Timespec& time) {
    constexpr u64 now = 0x3fff'ffff, omit = 0x3fff'fffe, per_second = 1'000'000'000;
    if (given.nanoseconds == omit) return true;
    if (given.nanoseconds == now) {
        time = realtime_now();
        return true;
    }
    if (given.nanoseconds >= per_second) return false;
    time = {given.seconds, static_cast<u32>(given.nanoseconds)};
    return true;
}

Outcome change_mode_at(Call& call, u32 flags) {
    if ((flags & ~(at_flag::no_follow | at_flag::empty_path)) != 0)
        return Outcome::error(Errno::inval);
    auto const found = entry_at(call, 0, flags);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    return set_mode(entry->node(), static_cast<u32>(call.argument(2)));
}

}  // namespace

Outcome fchmod(Call& call) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    return set_mode(file->node(), static_cast<u32>(call.argument(1)));
}

Outcome fchmodat(Call& call) { return change_mode_at(call, 0); }

Outcome fchmodat2(Call& call) { return change_mode_at(call, static_cast<u32>(call.argument(3))); }

Outcome fchown(Call& call) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    return set_owner(file->node(), static_cast<u32>(call.argument(1)),
                     static_cast<u32>(call.argument(2)));
}

Outcome fchownat(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(4));
    if ((flags & ~(at_flag::no_follow | at_flag::empty_path)) != 0)
        return Outcome::error(Errno::inval);
    auto const found = entry_at(call, 0, flags);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    return set_owner(entry->node(), static_cast<u32>(call.argument(2)),
                     static_cast<u32>(call.argument(3)));
}

Outcome utimensat(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(3));
    if ((flags & ~(at_flag::no_follow | at_flag::empty_path)) != 0)
        return Outcome::error(Errno::inval);
    Held<Entry> entry;
    if (call.argument(1) == 0) {
        // Without a path it is the descriptor that is meant (futimens).
        File* const file = file_at(call, 0);
        if (file == nullptr) return Outcome::error(Errno::badf);
        file->entry().retain();
        entry.reset(&file->entry());
    } else {
        auto const found = entry_at(call, 0, flags);
        if (!found) return Outcome::error(found.error());
        entry.reset(found.value());
    }
    Node& node = entry->node();
    Times times = node.times;
    if (call.argument(2) == 0) {
        times.access = times.modification = realtime_now();
    } else {
        StatTime given[2];
        if (!call.process.memory().load(given, call.address(2)))
            return Outcome::error(Errno::fault);
        if (!choose(given[0], times.access) || !choose(given[1], times.modification))
            return Outcome::error(Errno::inval);
    }
    if (node.file_system().read_only) return Outcome::error(Errno::rofs);
    node.times = times;
    node.changed();
    return Outcome::done(0);
}

// No file system here has extended attributes; a list of none is an answer all the same.
Outcome no_attributes(Call&) { return Outcome::error(Errno::notsup); }

Outcome no_attribute_names(Call&) { return Outcome::done(0); }

}  // namespace vdsokit::personality::file_call
