// SPDX-License-Identifier: BSD-2-Clause
// Page frames without a kernel of one's own: pages of a memory file, which can be mapped writable
// here and read-only elsewhere. And this process's memory, as the kit maps them into it.
#pragma once

#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"
#include "kit/core/memory.h"

namespace vdsokit::uexec {

using on_linux::Failure;

int protection_of(kit::Access access);

// The FrameSource; a Frame is the number of a page.
class PageFile {
public:
    using Frame = u32;

    PageFile() = default;
    PageFile(PageFile const&) = delete;
    PageFile& operator=(PageFile const&) = delete;
    ~PageFile() { drop_view(); }

    Failure create(u64 pages, u64 page_size);
    // From here on nobody can map it writable any more; the view that is there stays.
    Failure seal();
    // Gives up the view. Another process that has it keeps its own.
    void drop_view();
    // Nothing more can be mapped.
    void close() { file_.close(); }

    int file() const { return file_.number(); }
    u64 page_size() const { return page_size_; }

    kit::Result<Frame, kit::MapError> allocate_frame();
    u8* frame_bytes(Frame frame) { return view_ + frame * page_size_; }
    void release_frame(Frame) {}  // the file goes as a whole
    void publish_code(Frame frame);

private:
    on_linux::Descriptor file_;
    u8* view_ = nullptr;
    u64 pages_ = 0;
    u64 page_size_ = 0;
    Frame next_ = 0;
};
static_assert(kit::FrameSource<PageFile>);

// The AddressSpace. Maps only into a Room (room.h) that was reserved for it.
class OwnSpace {
public:
    using Frame = PageFile::Frame;
    explicit OwnSpace(PageFile const& pages) : pages_(pages) {}

    kit::Result<kit::Nothing, kit::MapError> map_shared(kit::VirtualAddress page, Frame frame,
                                                        kit::Access access);
    void unmap_shared(kit::VirtualAddress page);

private:
    PageFile const& pages_;
};
static_assert(kit::AddressSpace<OwnSpace>);

}  // namespace vdsokit::uexec
