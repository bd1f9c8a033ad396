// SPDX-License-Identifier: BSD-2-Clause
// The frames of a shared anonymous mapping, by page number; they come when first touched and stay
// until the last region that shows them is gone.
#pragma once

#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class SharedPages {
public:
    // With one user. nullptr: out of memory, or more pages than limit().
    [[nodiscard]] static SharedPages* create(u64 pages);
    void retain() { users_ += 1; }
    void release();

    static u64 limit();
    u64 count() const { return count_; }
    // One page, retained for the caller. no_frame: out of memory. Precondition: index < count().
    host::Frame page(u64 index);

    explicit SharedPages(u64 pages, host::Frame table) : count_(pages), table_(table) {}

private:
    u64 users_ = 1;
    u64 count_;
    host::Frame table_;  // of tables of frames
};

}  // namespace vdsokit::personality
