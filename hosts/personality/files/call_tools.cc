// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/call_tools.h"

#include "hosts/personality/files/memory_file.h"

namespace vdsokit::personality {

namespace {

// Not on the host's stack, which may be small: one event is handled at a time.
constinit char path_buffers[2][longest_path];

}  // namespace

File* file_or_path_at(Call& call, u32 argument) {
    return call.process.descriptors().find(call.number(argument));
}

File* file_at(Call& call, u32 argument) {
    File* const file = file_or_path_at(call, argument);
    return file == nullptr || file->flags().has(OpenFlags::path_only) ? nullptr : file;
}

OrErrno<Name> path_at(Call& call, u32 argument, PathBuffer buffer) {
    char* const to = path_buffers[static_cast<u8>(buffer)];
    i64 const size = call.process.memory().copy_string_in(to, call.address(argument), longest_path);
    if (size < 0) return static_cast<Errno>(-size);
    return Name(to, static_cast<u64>(size));
}

OrErrno<Entry*> start_of(Call& call, u32 descriptor_argument, Name path) {
    Entry& present = call.process.descriptors().directory();
    bool const is_absolute = !path.empty() && path.data()[0] == '/';
    if (is_absolute || call.number(descriptor_argument) == at_flag::current_directory)
        return &present;
    File* const file = file_or_path_at(call, descriptor_argument);
    if (file == nullptr) return Errno::badf;
    if (!file->node().is_directory()) return Errno::notdir;
    return &file->entry();
}

Outcome walk_at(Call& call, u32 at, LastLink last, Place& place, PathBuffer buffer) {
    auto const path = path_at(call, at + 1, buffer);
    if (!path) return Outcome::error(path.error());
    if (path.value().empty()) return Outcome::error(Errno::noent);
    auto const start = start_of(call, at, path.value());
    if (!start) return Outcome::error(start.error());
    return walk(&call.process, *start.value(), path.value(), last, place);
}

OrErrno<Entry*> entry_at(Call& call, u32 at, u32 flags) {
    auto const path = path_at(call, at + 1);
    if (!path) return path.error();
    if (path.value().empty() && (flags & at_flag::empty_path) != 0) {
        Entry* entry = &call.process.descriptors().directory();
        if (call.number(at) != at_flag::current_directory) {
            File* const file = file_or_path_at(call, at);
            if (file == nullptr) return Errno::badf;
            entry = &file->entry();
        }
        entry->retain();
        return entry;
    }
    if (path.value().empty()) return Errno::noent;
    auto const start = start_of(call, at, path.value());
    if (!start) return start.error();
    bool const follows = (flags & at_flag::no_follow) == 0;
    return walk_to(&call.process, *start.value(), path.value(),
                   follows ? LastLink::follow : LastLink::keep);
}

u32 descriptor_limit_of(Process& process) {
    u64 const soft = process.limit(Resource::files).soft;
    return soft < descriptor_limit ? static_cast<u32>(soft) : descriptor_limit;
}

Outcome add_descriptor(Call& call, File* file, bool close_on_exec) {
    if (file == nullptr) return Outcome::error(Errno::nomem);
    i32 const number =
        call.process.descriptors().add(*file, close_on_exec, 0, descriptor_limit_of(call.process));
    if (number >= 0) return Outcome::done(static_cast<u64>(number));
    file->release();
    return error_of(number);
}

Outcome check_can_change(Entry& directory) {
    if (directory.node().file_system().read_only) return Outcome::error(Errno::rofs);
    if (directory.is_deleted()) return Outcome::error(Errno::noent);
    return Outcome::done(0);
}

Outcome check_can_add(Entry& directory) {
    Outcome const check = check_can_change(directory);
    if (check.value() != 0 || has_room_for_files()) return check;
    return Outcome::error(Errno::nospc);
}

}  // namespace vdsokit::personality
