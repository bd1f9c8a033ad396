// SPDX-License-Identifier: BSD-2-Clause
// Where in a file, and how long it is.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"

namespace vdsokit::personality::file_call {

namespace {

enum Whence : u32 { from_start = 0, from_here = 1, from_end = 2, to_data = 3, to_hole = 4 };

Outcome set_size(Node& node, i64 size) {
    if (size < 0) return Outcome::error(Errno::inval);
    if (node.is_directory()) return Outcome::error(Errno::isdir);
    if (node.kind() != NodeKind::regular) return Outcome::error(Errno::inval);
    if (node.file_system().read_only) return Outcome::error(Errno::rofs);
    return node.truncate(static_cast<u64>(size));
}

}  // namespace

Outcome lseek(Call& call) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    Node& node = file->node();
    if (!node.is_seekable() && !node.is_directory()) return Outcome::error(Errno::spipe);
    i64 const offset = static_cast<i64>(call.argument(1));
    i64 base = 0;
    switch (static_cast<u32>(call.argument(2))) {
    case from_start: break;
    case from_here: base = static_cast<i64>(file->offset()); break;
    case from_end: base = static_cast<i64>(node.size()); break;
    case to_data:
    case to_hole: {
        if (offset < 0) return Outcome::error(Errno::nxio);
        auto const found = node.seek_data(call.argument(1), call.argument(2) == to_hole);
        if (!found) return Outcome::error(found.error());
        file->offset() = found.value();
        return Outcome::done(found.value());
    }
    default: return Outcome::error(Errno::inval);
    }
    i64 position = 0;
    if (__builtin_add_overflow(base, offset, &position)) return Outcome::error(Errno::overflow);
    if (position < 0) return Outcome::error(Errno::inval);
    file->offset() = static_cast<u64>(position);
    return Outcome::done(file->offset());
}

Outcome truncate(Call& call) {
    auto const path = path_at(call, 0);
    if (!path) return Outcome::error(path.error());
    auto const found = walk_to(&call.process, call.process.descriptors().directory(), path.value(),
                               LastLink::follow);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    return set_size(entry->node(), static_cast<i64>(call.argument(1)));
}

Outcome ftruncate(Call& call) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    if (!file->flags().may_write()) return Outcome::error(Errno::inval);
    return set_size(file->node(), static_cast<i64>(call.argument(1)));
}

Outcome fallocate(Call& call) {
    constexpr u32 keep_size = 1, punch_hole = 2;
    File* const file = file_at(call, 0);
    if (file == nullptr || !file->flags().may_write()) return Outcome::error(Errno::badf);
    u32 const mode = static_cast<u32>(call.argument(1));
    bool const punches = (mode & punch_hole) != 0;
    if ((mode & ~(keep_size | punch_hole)) != 0 || (punches && (mode & keep_size) == 0))
        return Outcome::error(Errno::notsup);
    i64 const offset = static_cast<i64>(call.argument(2));
    i64 const size = static_cast<i64>(call.argument(3));
    if (offset < 0 || size <= 0) return Outcome::error(Errno::inval);
    return file->node().allocate(call.argument(2), call.argument(3), (mode & keep_size) != 0,
                                 punches);
}

// There is nothing below a file to which it could be written back.
Outcome fsync(Call& call) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    bool const has_contents = file->is_regular() || file->node().is_directory();
    return has_contents ? Outcome::done(0) : Outcome::error(Errno::inval);
}

Outcome sync(Call&) { return Outcome::done(0); }

Outcome fadvise64(Call& call) {
    constexpr u32 last_advice = 5;
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    if (file->node().kind() == NodeKind::fifo) return Outcome::error(Errno::spipe);
    return static_cast<u32>(call.argument(3)) <= last_advice ? Outcome::done(0)
                                                             : Outcome::error(Errno::inval);
}

}  // namespace vdsokit::personality::file_call
