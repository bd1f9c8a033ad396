// SPDX-License-Identifier: BSD-2-Clause
// sendfile(2): from a file with pages to whatever can be written, a page at a time.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality::file_call {

namespace {

// One page or less, read at `offset` and written on. A pipe takes a page whole or makes it wait, so
// nothing is ever half written.
Outcome move_page(Call& call, File& from, File& to, u64 offset, u64 size, u8* buffer) {
    Transfer in(buffer, size);
    Outcome const read = from.node().read({from, in, offset, &call});
    if (!read.is_done() || read.value() <= 0) return read;
    u64 progress = 0;
    Call inner{call.thread,    call.process,  call.arguments, call.first_attempt,
               call.timed_out, call.deadline, progress,       call.interrupted};
    bool const seekable = to.node().is_seekable();
    u64 const at = to.offset();
    Transfer out(buffer, static_cast<u64>(read.value()));
    Outcome const written = to.node().write({to, out, seekable ? at : 0, &inner});
    if (seekable && written.is_done() && written.value() > 0)
        to.offset() = at + static_cast<u64>(written.value());
    return written;
}

Outcome move_all(Call& call, File& from, File& to, u64 start, u64 size, u8* buffer) {
    u64& moved = call.progress;
    while (moved < size) {
        u64 const part = size - moved < page_size ? size - moved : page_size;
        Outcome const outcome = move_page(call, from, to, start + moved, part, buffer);
        bool const blocked = !outcome.is_done();
        if (blocked && !(call.interrupted && moved > 0)) return outcome;
        if (blocked || outcome.value() <= 0)
            return moved > 0 || blocked ? Outcome::done(moved) : outcome;
        moved += static_cast<u64>(outcome.value());
    }
    return Outcome::done(moved);
}

}  // namespace

Outcome sendfile(Call& call) {
    File* const to = file_at(call, 0);
    File* const from = file_at(call, 1);
    if (to == nullptr || from == nullptr || !to->flags().may_write() || !from->may_read())
        return Outcome::error(Errno::badf);
    if (!from->is_regular() || to->flags().has(OpenFlags::append))
        return Outcome::error(Errno::inval);
    bool const has_offset = call.argument(2) != 0;
    u64 start = from->offset();
    if (has_offset && !call.process.memory().load(start, call.address(2)))
        return Outcome::error(Errno::fault);
    if ((start >> 63) != 0 || (call.argument(3) >> 63) != 0) return Outcome::error(Errno::inval);
    u64 const size = call.argument(3) < Transfer::largest ? call.argument(3) : Transfer::largest;

    host::Frame const frame = host::allocate_frame();
    if (frame == host::no_frame) return Outcome::error(Errno::nomem);
    Outcome const outcome = move_all(call, *from, *to, start, size, host::frame_bytes(frame));
    host::release_frame(frame);
    // The position moves when the call ends: until then an attempt begins at the same place.
    if (!outcome.is_done() || outcome.value() <= 0) return outcome;
    u64 const end = start + static_cast<u64>(outcome.value());
    if (has_offset) {
        Outcome const stored = store(call, 2, end);
        return stored.value() == 0 ? outcome : stored;
    }
    from->offset() = end;
    return outcome;
}

}  // namespace vdsokit::personality::file_call
