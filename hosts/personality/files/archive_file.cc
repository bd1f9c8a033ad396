// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/archive_file.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<ArchiveFile> archive_files;
}

ArchiveFile* ArchiveFile::make(FileSystem& file_system, u32 permissions) {
    return archive_files.make(file_system, permissions);
}

void ArchiveFile::destroy() {
    pages_.cut(0, PageStore::most_pages);
    archive_files.free(this);
}

Outcome ArchiveFile::read(Io const& io) {
    if (io.offset >= contents_.size()) return Outcome::done(0);
    u64 const rest = contents_.size() - io.offset;
    u64 const size = rest < io.transfer.left() ? rest : io.transfer.left();
    // Page by page, so that a fault leaves a count of what was there.
    for (u64 at = 0; at < size;) {
        u64 const part = size - at < page_size ? size - at : page_size;
        if (!io.transfer.put(contents_.data() + io.offset + at, part))
            return io.transfer.done_or_fault();
        at += part;
    }
    return Outcome::done(size);
}

OrErrno<u64> ArchiveFile::seek_data(u64 offset, bool hole) {
    if (offset >= contents_.size()) return Errno::nxio;
    return hole ? contents_.size() : offset;
}

host::Frame ArchiveFile::page(u64 index, bool& past_end) {
    u64 const count = (contents_.size() + page_size - 1) / page_size;
    past_end = index >= count;
    if (past_end) return host::no_frame;
    host::Frame frame = pages_.find(index);
    if (frame == host::no_frame) {
        frame = host::allocate_frame();
        if (frame == host::no_frame) return frame;
        u64 const offset = index * page_size;
        u64 const rest = contents_.size() - offset;
        __builtin_memcpy(host::frame_bytes(frame), contents_.data() + offset,
                         rest < page_size ? rest : page_size);
        host::publish_code(frame);
        if (!pages_.put(index, frame)) {
            host::release_frame(frame);
            return host::no_frame;
        }
    }
    host::retain_frame(frame);
    return frame;
}

}  // namespace vdsokit::personality
