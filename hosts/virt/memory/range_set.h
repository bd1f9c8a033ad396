// SPDX-License-Identifier: BSD-2-Clause
// Disjoint ranges of whole pages: what of memory is free to use at start.
#pragma once

#include "hosts/machine/board.h"
#include "hosts/virt/memory/page_table.h"
#include "kit/core/bytes.h"
#include "kit/core/memory.h"

namespace vdsokit::virt {

using machine::Range;

class RangeSet {
public:
    static constexpr u64 capacity = 64;

    // The whole pages inside `range`; those that are in the set already stay once. False: no room.
    [[nodiscard]] bool add(Range range) {
        u64 const begin = kit::align_up(range.base, page_bytes);
        u64 const end = kit::align_down(range.end(), page_bytes);
        if (begin >= end) return true;
        return remove({begin, end - begin}) && ranges_.push({begin, end - begin});
    }

    // Every page that `range` touches. False: no room for what is left on both sides.
    [[nodiscard]] bool remove(Range range) {
        if (range.size == 0) return true;
        u64 const begin = kit::align_down(range.base, page_bytes);
        u64 const end = kit::align_up(range.end(), page_bytes);
        kit::FixedVector<Range, capacity> left;
        for (Range const& have : ranges_) {
            u64 const before = begin < have.end() ? begin : have.end();
            u64 const after = end > have.base ? end : have.base;
            if (have.base < before && !left.push({have.base, before - have.base})) return false;
            if (after < have.end() && !left.push({after, have.end() - after})) return false;
        }
        ranges_ = left;
        return true;
    }

    Range const* begin() const { return ranges_.begin(); }
    Range const* end() const { return ranges_.end(); }

private:
    kit::FixedVector<Range, capacity> ranges_;
};

}  // namespace vdsokit::virt
