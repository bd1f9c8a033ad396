// SPDX-License-Identifier: BSD-2-Clause
// A host's memory for tests of Preload and Mapping: frames with numbers, each in a buffer of its
// own; an address space that is a map. Both can be told to fail at the n-th request.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include "kit/core/memory.h"

namespace vdsokit::test {

class FakeFrames {
public:
    using Frame = u32;

    explicit FakeFrames(u64 frame_size = 4096) : frame_size_(frame_size) {}

    u64 left = ~u64{0};  // frames that can still be had
    std::vector<Frame> published;

    kit::Result<Frame, kit::MapError> allocate_frame() {
        if (left == 0) return kit::MapError::out_of_memory;
        --left;
        frames_[next_] = std::make_unique<u8[]>(frame_size_);
        return next_++;
    }
    // A frame that is not there, or was given back, is a mistake of the kit's.
    u8* frame_bytes(Frame frame) { return frames_.at(frame).get(); }
    void release_frame(Frame frame) {
        if (frames_.erase(frame) == 0) throw std::logic_error("released twice");
    }
    void publish_code(Frame frame) {
        if (!frames_.contains(frame)) throw std::logic_error("no such frame");
        published.push_back(frame);
    }

    u64 held() const { return frames_.size(); }

private:
    u64 frame_size_;
    Frame next_ = 100;
    std::map<Frame, std::unique_ptr<u8[]>> frames_;
};
static_assert(kit::FrameSource<FakeFrames>);

class FakeSpace {
public:
    using Frame = u32;
    struct Page {
        Frame frame;
        kit::Access access;
        friend bool operator==(Page const&, Page const&) = default;
    };

    u64 left = ~u64{0};  // pages that can still be mapped
    kit::MapError error = kit::MapError::out_of_memory;
    std::map<u64, Page> pages;

    kit::Result<kit::Nothing, kit::MapError> map_shared(kit::VirtualAddress page, Frame frame,
                                                        kit::Access access) {
        if (left == 0) return error;
        --left;
        if (!pages.emplace(page.value, Page{frame, access}).second) return kit::MapError::in_use;
        return kit::Nothing{};
    }
    void unmap_shared(kit::VirtualAddress page) { pages.erase(page.value); }
};
static_assert(kit::AddressSpace<FakeSpace>);

}  // namespace vdsokit::test
