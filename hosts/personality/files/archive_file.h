// SPDX-License-Identifier: BSD-2-Clause
// A regular file of the initramfs. Its contents stay in the archive; a page is copied into a frame
// when it is first mapped, and all who map it share that frame.
#pragma once

#include "hosts/personality/files/node.h"
#include "hosts/personality/files/page_store.h"

namespace vdsokit::personality {

class ArchiveFile final : public Node {
public:
    // The contents stay valid for ever.
    static ArchiveFile* make(FileSystem& file_system, u32 permissions);
    void set_contents(kit::Bytes contents) { contents_ = contents; }

    u64 size() const override { return contents_.size(); }
    u64 blocks() const override { return (contents_.size() + 511) / 512; }
    bool is_seekable() const override { return true; }
    Outcome read(Io const& io) override;
    OrErrno<u64> seek_data(u64 offset, bool hole) override;
    host::Frame page(u64 index, bool& past_end) override;

    ArchiveFile(FileSystem& file_system, u32 permissions)
        : Node(file_system, static_cast<u32>(NodeKind::regular) | permissions) {}

private:
    void destroy() override;

    kit::Bytes contents_;
    PageStore pages_;
};

}  // namespace vdsokit::personality
