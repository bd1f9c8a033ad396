// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/memory_file.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<MemoryFile> memory_files;

constexpr u64 smaller(u64 a, u64 b) { return a < b ? a : b; }

}  // namespace

bool has_room_for_files() {
    host::FrameCount const count = host::frame_count();
    return count.free > count.total / 16;
}

MemoryFile* MemoryFile::make(FileSystem& file_system, u32 permissions) {
    return memory_files.make(file_system, permissions);
}

void MemoryFile::destroy() {
    cut(0, PageStore::most_pages);
    memory_files.free(this);
}

void MemoryFile::cut(u64 first, u64 end) { file_system().frames -= pages_.cut(first, end); }

host::Frame MemoryFile::frame_at(u64 index) {
    host::Frame frame = pages_.find(index);
    if (frame != host::no_frame) return frame;
    if (!has_room_for_files()) return host::no_frame;
    frame = host::allocate_frame();
    if (frame == host::no_frame) return frame;
    if (!pages_.put(index, frame)) {
        host::release_frame(frame);
        return host::no_frame;
    }
    file_system().frames += 1;
    return frame;
}

Outcome MemoryFile::read(Io const& io) {
    if (io.offset >= size_) return Outcome::done(0);
    u64 const end = io.offset + smaller(size_ - io.offset, io.transfer.left());
    for (u64 at = io.offset; at < end;) {
        u64 const within = at % page_size;
        u64 const part = smaller(page_size - within, end - at);
        host::Frame const frame = pages_.find(at / page_size);
        bool const put = frame == host::no_frame
                             ? io.transfer.put_zeros(part)
                             : io.transfer.put(host::frame_bytes(frame) + within, part);
        if (!put) return io.transfer.done_or_fault();
        at += part;
    }
    return Outcome::done(end - io.offset);
}

Outcome MemoryFile::write(Io const& io) {
    if (io.transfer.left() == 0) return Outcome::done(0);
    if (io.offset >= largest) return Outcome::error(Errno::fbig);
    u64 const size = smaller(io.transfer.left(), largest - io.offset);
    Outcome failure = Outcome::done(0);
    u64 at = io.offset;
    while (at < io.offset + size) {
        u64 const within = at % page_size;
        u64 const part = smaller(page_size - within, io.offset + size - at);
        host::Frame const frame = frame_at(at / page_size);
        if (frame == host::no_frame) {
            failure = Outcome::error(Errno::nospc);
            break;
        }
        if (!io.transfer.take(host::frame_bytes(frame) + within, part)) {
            // Bytes past the end read as zero if the file grows over them.
            if (at + part > size_) clear_part(at > size_ ? at : size_, at + part);
            failure = Outcome::error(Errno::fault);
            break;
        }
        at += part;
        // At each page: the bytes may come from this file's own mapping, which ends at its size.
        if (at > size_) size_ = at;
    }
    if (at == io.offset) {
        // The page that was made for nothing may lie past the end; what is there must read as zero.
        if (size_ <= at) cut((size_ + page_size - 1) / page_size, PageStore::most_pages);
        return failure;
    }
    modified();
    return Outcome::done(at - io.offset);
}

Outcome MemoryFile::truncate(u64 size) {
    if (size > largest) return Outcome::error(Errno::fbig);
    if (size < size_) {
        cut((size + page_size - 1) / page_size, PageStore::most_pages);
        if (size % page_size != 0) clear_part(size, kit::align_up(size, page_size));
    }
    size_ = size;
    modified();
    return Outcome::done(0);
}

// Within one page. A hole is left as it is.
void MemoryFile::clear_part(u64 start, u64 end) {
    host::Frame const frame = pages_.find(start / page_size);
    if (frame == host::no_frame) return;
    __builtin_memset(host::frame_bytes(frame) + start % page_size, 0, end - start);
}

Outcome MemoryFile::allocate(u64 offset, u64 size, bool keep_size, bool punch) {
    if (!kit::inside(offset, size, largest)) return Outcome::error(Errno::fbig);
    u64 const end = offset + size;
    if (punch) {
        u64 const first = kit::align_up(offset, page_size);
        u64 const last = kit::align_down(end, page_size);
        if (first < last) cut(first / page_size, last / page_size);
        if (offset < first) clear_part(offset, smaller(first, end));
        if (last >= first && last < end) clear_part(last, end);
        modified();
        return Outcome::done(0);
    }
    u64 const old_count = pages_.count();
    for (u64 index = offset / page_size; index * page_size < end; ++index) {
        if (frame_at(index) != host::no_frame) continue;
        // Pages past the end that were made by this call go again; those inside stay, as zeros.
        if (pages_.count() != old_count)
            cut((size_ + page_size - 1) / page_size, PageStore::most_pages);
        return Outcome::error(Errno::nospc);
    }
    if (!keep_size && end > size_) size_ = end;
    modified();
    return Outcome::done(0);
}

OrErrno<u64> MemoryFile::seek_data(u64 offset, bool hole) {
    if (offset >= size_) return Errno::nxio;
    u64 index = offset / page_size;
    if (!hole) {
        u64 const found = pages_.next(index);
        if (found * page_size >= size_) return Errno::nxio;
        return found == index ? offset : found * page_size;
    }
    if (pages_.find(index) == host::no_frame) return offset;
    while (index * page_size < size_ && pages_.find(index) != host::no_frame) index += 1;
    return smaller(index * page_size, size_);
}

host::Frame MemoryFile::page(u64 index, bool& past_end) {
    past_end = index >= (size_ + page_size - 1) / page_size;
    if (past_end) return host::no_frame;
    host::Frame const frame = frame_at(index);
    if (frame == host::no_frame) return frame;
    // It may have been written since it was last mapped, and what was written may be code.
    host::publish_code(frame);
    host::retain_frame(frame);
    return frame;
}

}  // namespace vdsokit::personality
