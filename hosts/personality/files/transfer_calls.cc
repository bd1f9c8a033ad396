// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"

namespace vdsokit::personality::file_call {

namespace {

enum class Way : u8 { read, write };

File* file_for(Call& call, u32 argument, Way way) {
    File* const file = file_at(call, argument);
    if (file == nullptr) return nullptr;
    bool const may = way == Way::read ? file->flags().may_read() : file->flags().may_write();
    return may ? file : nullptr;
}

Outcome run(Call& call, File& file, Transfer& transfer, u64 offset, Way way) {
    Io const io{file, transfer, offset, &call};
    return way == Way::read ? file.node().read(io) : file.node().write(io);
}

// At the file's own position, which moves.
Outcome move(Call& call, File& file, Transfer& transfer, Way way) {
    Node& node = file.node();
    if (!node.is_seekable()) return run(call, file, transfer, 0, way);
    if (way == Way::write && file.flags().has(OpenFlags::append)) file.offset() = node.size();
    Outcome const outcome = run(call, file, transfer, file.offset(), way);
    if (outcome.is_done() && outcome.value() > 0)
        file.offset() += static_cast<u64>(outcome.value());
    return outcome;
}

Outcome move_at(Call& call, File& file, Transfer& transfer, u64 offset, Way way) {
    if (!file.node().is_seekable()) {
        bool const is_directory = file.node().is_directory();
        return Outcome::error(is_directory ? Errno::isdir : Errno::spipe);
    }
    if ((offset >> 63) != 0) return Outcome::error(Errno::inval);
    // As on Linux, O_APPEND counts for more than the offset.
    if (way == Way::write && file.flags().has(OpenFlags::append)) offset = file.node().size();
    return run(call, file, transfer, offset, way);
}

Outcome one_buffer(Call& call, Way way) {
    File* const file = file_for(call, 0, way);
    if (file == nullptr) return Outcome::error(Errno::badf);
    if ((call.argument(2) >> 63) != 0) return Outcome::error(Errno::inval);
    Transfer transfer(call.process.memory(), call.address(1), call.argument(2));
    return move(call, *file, transfer, way);
}

Outcome one_buffer_at(Call& call, Way way) {
    File* const file = file_for(call, 0, way);
    if (file == nullptr) return Outcome::error(Errno::badf);
    if ((call.argument(2) >> 63) != 0) return Outcome::error(Errno::inval);
    Transfer transfer(call.process.memory(), call.address(1), call.argument(2));
    return move_at(call, *file, transfer, call.argument(3), way);
}

Outcome vectors(Call& call, Way way, bool has_offset) {
    File* const file = file_for(call, 0, way);
    if (file == nullptr) return Outcome::error(Errno::badf);
    Transfer transfer(call.process.memory(), {0}, 0);
    Outcome const made =
        Transfer::of_vectors(call.process.memory(), call.address(1), call.argument(2), transfer);
    if (made.value() < 0) return made;
    return has_offset ? move_at(call, *file, transfer, call.argument(3), way)
                      : move(call, *file, transfer, way);
}

// preadv2: an offset of -1 is the file's own. RWF_HIPRI, DSYNC and SYNC change nothing here.
Outcome vectors_with_flags(Call& call, Way way) {
    constexpr u32 harmless = 1 | 2 | 4;
    if ((static_cast<u32>(call.argument(5)) & ~harmless) != 0) return Outcome::error(Errno::notsup);
    return vectors(call, way, call.argument(3) != ~u64{0});
}

}  // namespace

Outcome read(Call& call) { return one_buffer(call, Way::read); }
Outcome write(Call& call) { return one_buffer(call, Way::write); }
Outcome pread64(Call& call) { return one_buffer_at(call, Way::read); }
Outcome pwrite64(Call& call) { return one_buffer_at(call, Way::write); }
Outcome readv(Call& call) { return vectors(call, Way::read, false); }
Outcome writev(Call& call) { return vectors(call, Way::write, false); }
Outcome preadv(Call& call) { return vectors(call, Way::read, true); }
Outcome pwritev(Call& call) { return vectors(call, Way::write, true); }
Outcome preadv2(Call& call) { return vectors_with_flags(call, Way::read); }
Outcome pwritev2(Call& call) { return vectors_with_flags(call, Way::write); }

}  // namespace vdsokit::personality::file_call
