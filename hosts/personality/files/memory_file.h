// SPDX-License-Identifier: BSD-2-Clause
// A regular file whose contents are frames: in /tmp and /dev, or memfd_create's. Pages that were
// never written are holes and read as zeros. Mapped shared, its frames are the file.
#pragma once

#include "hosts/personality/files/node.h"
#include "hosts/personality/files/page_store.h"

namespace vdsokit::personality {

class MemoryFile final : public Node {
public:
    static constexpr u64 largest = PageStore::most_pages * page_size;

    static MemoryFile* make(FileSystem& file_system, u32 permissions);

    u64 size() const override { return size_; }
    u64 blocks() const override { return pages_.count() * (page_size / 512); }
    bool is_seekable() const override { return true; }
    bool may_map_shared_writable() const override { return true; }
    Outcome read(Io const& io) override;
    Outcome write(Io const& io) override;
    Outcome truncate(u64 size) override;
    Outcome allocate(u64 offset, u64 size, bool keep_size, bool punch) override;
    OrErrno<u64> seek_data(u64 offset, bool hole) override;
    host::Frame page(u64 index, bool& past_end) override;

    MemoryFile(FileSystem& file_system, u32 permissions)
        : Node(file_system, static_cast<u32>(NodeKind::regular) | permissions) {}

private:
    void destroy() override;
    // The page's frame, made if it is a hole. no_frame: no memory (ENOSPC).
    host::Frame frame_at(u64 index);
    void cut(u64 first, u64 end);
    void clear_part(u64 start, u64 end);

    PageStore pages_;
    u64 size_ = 0;
};

// False when the rest of memory is left to programs: files get ENOSPC before anyone is killed.
bool has_room_for_files();

}  // namespace vdsokit::personality
