// SPDX-License-Identifier: BSD-2-Clause
// The pages of one file: a frame or a hole for each index. A tree of frames full of handles, as
// high as the last page needs; a file of one page has no tree.
#pragma once

#include "hosts/personality/memory/layout.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class PageStore {
public:
    static constexpr u64 fan_out = page_size / sizeof(host::Frame);
    static constexpr u32 greatest_height = 3;
    static constexpr u64 most_pages = fan_out * fan_out * fan_out;

    // no_frame: a hole. Not retained.
    host::Frame find(u64 index) const;
    // Takes over one user of the frame, and releases what was there. False: index is not below
    // most_pages, or no memory for the tree; nothing taken.
    [[nodiscard]] bool put(u64 index, host::Frame frame);
    // Makes holes of [first, end). Returns how many frames that released.
    u64 cut(u64 first, u64 end);
    // The first index from `from` up that has a frame; most_pages if none has.
    u64 next(u64 from) const;
    u64 count() const { return count_; }

private:
    u64 cut(host::Frame& slot, u32 height, u64 base, u64 first, u64 end);
    u64 next(host::Frame slot, u32 height, u64 base, u64 from) const;

    host::Frame root_ = host::no_frame;
    u32 height_ = 0;  // 0: root_ is page 0 itself
    u64 count_ = 0;
};

}  // namespace vdsokit::personality
