// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/pipe.h"

#include "hosts/personality/pool.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constinit Pool<Pipe> pipes;

constexpr u32 input_queued = 0x541b;  // FIONREAD

constexpr u64 smaller(u64 a, u64 b) { return a < b ? a : b; }

// A reader that was there before any writer has not lost one: no POLLHUP yet.
constexpr u64 saw_writers = ~u64{0};

}  // namespace

Pipe* Pipe::make(FileSystem& file_system, u32 permissions) {
    return pipes.make(file_system, permissions);
}

void Pipe::destroy() {
    release_frames();
    pipes.free(this);
}

void Pipe::release_frames() {
    for (host::Frame& frame : frames_) {
        if (frame == host::no_frame) continue;
        host::release_frame(frame);
        frame = host::no_frame;
    }
    start_ = used_ = 0;
}

// Number 0 is kept for "has not begun to wait".
Outcome Pipe::wait_for_partner(Call& call, u64 arrivals_of_others) {
    if (call.progress == 0) {
        call.progress = arrivals_of_others + 1;
        wake(queue(opening));
    }
    return Outcome::wait(queue(opening));
}

Outcome Pipe::opened(Call* call, File& file) {
    bool const reads = file.flags().may_read();
    bool const writes = file.flags().may_write();
    if (!reads && !writes) return Outcome::done(0);
    // pipe2 opens both ends at once, without a call that could wait.
    bool const waits = call != nullptr && !file.flags().has(OpenFlags::non_blocking);
    u64 const seen = call == nullptr ? 0 : call->progress;
    if (seen == 0) {
        if (reads) reader_arrivals_ += 1;
        if (writes) writer_arrivals_ += 1;
    }
    if (call != nullptr && reads != writes) {
        if (reads && waits && writers_ == 0 && (seen == 0 || seen == writer_arrivals_ + 1))
            return wait_for_partner(*call, writer_arrivals_);
        if (writes && readers_ == 0) {
            if (!waits) return Outcome::error(Errno::nxio);
            if (seen == 0 || seen == reader_arrivals_ + 1)
                return wait_for_partner(*call, reader_arrivals_);
        }
    }
    file.node_state() = writers_ == 0 && !writes ? writer_arrivals_ : saw_writers;
    if (reads) readers_ += 1;
    if (writes) writers_ += 1;
    wake(queue(opening));
    return Outcome::done(0);
}

void Pipe::closed(File& file) {
    if (file.flags().may_read()) readers_ -= 1;
    if (file.flags().may_write()) writers_ -= 1;
    if (readers_ == 0 && writers_ == 0) release_frames();
    notify(reading);
    notify(writing);
}

// The bytes from `offset` of the ring to the end of their page, nullptr without memory for it.
u8* Pipe::part_at(u64 offset, u64& size) {
    u64 const at = offset % capacity();
    host::Frame& frame = frames_[at / page_size];
    if (frame == host::no_frame) frame = host::allocate_frame();
    if (frame == host::no_frame) return nullptr;
    size = smaller(size, page_size - at % page_size);
    return host::frame_bytes(frame) + at % page_size;
}

Outcome Pipe::read(Io const& io) {
    if (io.transfer.left() == 0) return Outcome::done(0);
    if (used_ == 0) {
        if (writers_ == 0) return Outcome::done(0);
        if (io.file.flags().has(OpenFlags::non_blocking)) return Outcome::error(Errno::again);
        return Outcome::wait(queue(reading));
    }
    while (used_ > 0 && io.transfer.left() > 0) {
        u64 size = smaller(used_, io.transfer.left());
        u8 const* const part = part_at(start_, size);
        if (!io.transfer.put(part, size)) return io.transfer.done_or_fault();
        start_ = (start_ + size) % capacity();
        used_ -= size;
    }
    // From the start of the first page again: a pipe with little in it keeps to one frame.
    if (used_ == 0) start_ = 0;
    notify(writing);
    return Outcome::done(io.transfer.done());
}

Outcome Pipe::write(Io const& io) {
    Call& call = *io.call;
    u64 const total = io.transfer.left();
    if (total == 0) return Outcome::done(0);
    if (readers_ == 0) {
        if (call.progress == 0) return broken_pipe(call);
        static_cast<void>(broken_pipe(call));
        return Outcome::done(call.progress);
    }
    if (!io.transfer.skip(call.progress)) return io.transfer.done_or_fault();

    bool const is_atomic = total <= atomic_size;
    bool const fits = capacity() - used_ >= io.transfer.left();
    while ((fits || !is_atomic) && used_ < capacity() && io.transfer.left() > 0) {
        u64 size = smaller(capacity() - used_, io.transfer.left());
        u8* const part = part_at(start_ + used_, size);
        if (part == nullptr || !io.transfer.take(part, size)) {
            if (io.transfer.done() > 0) break;
            return Outcome::error(part == nullptr ? Errno::nomem : Errno::fault);
        }
        used_ += size;
    }
    u64 const moved = io.transfer.done();
    if (moved > call.progress) notify(reading);
    bool const has_room = used_ < capacity() && !is_atomic;  // stopped by a fault or for memory
    if (io.transfer.left() == 0 || (has_room && moved > 0)) return Outcome::done(moved);
    if (io.file.flags().has(OpenFlags::non_blocking) || call.interrupted) {
        if (moved > 0) return Outcome::done(moved);
        if (!call.interrupted) return Outcome::error(Errno::again);
    }
    call.progress = moved;
    return Outcome::wait(queue(writing));
}

u32 Pipe::ready(File& file) {
    u32 bits = 0;
    if (file.flags().may_read()) {
        if (used_ > 0) bits |= Ready::readable;
        if (writers_ == 0 && file.node_state() != writer_arrivals_) bits |= Ready::hang_up;
    }
    if (file.flags().may_write()) {
        if (capacity() - used_ >= atomic_size) bits |= Ready::writable;
        if (readers_ == 0) bits |= Ready::error;
    }
    return bits;
}

Outcome Pipe::control(Call& call, File&) {
    if (static_cast<u32>(call.argument(1)) != input_queued) return Outcome::error(Errno::notty);
    u32 const count = static_cast<u32>(used_);
    return call.process.memory().store(call.address(2), count) ? Outcome::done(0)
                                                               : Outcome::error(Errno::fault);
}

Outcome Pipe::set_capacity(u64 size) {
    if (size == 0 || size > ~u32{0} / 2) return Outcome::error(Errno::inval);
    if (size > most_pages * page_size) return Outcome::error(Errno::perm);
    u64 pages = 1;
    while (pages * page_size < size) pages *= 2;
    if (pages == pages_) return Outcome::done(capacity());
    // Bytes stay where they are only in a ring of the same size: it must be empty.
    if (used_ > 0) return Outcome::error(Errno::busy);
    release_frames();
    pages_ = pages;
    notify(writing);
    return Outcome::done(capacity());
}

Outcome broken_pipe(Call& call) {
    SignalInfo info;
    info.number = signal_number::pipe;
    info.code = signal_code::user;
    info.sender.process = call.process.id();
    call.process.signal(info, call.thread);
    return Outcome::error(Errno::pipe);
}

}  // namespace vdsokit::personality
