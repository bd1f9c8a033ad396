// SPDX-License-Identifier: BSD-2-Clause
// The frames of a shared anonymous mapping, by page number; they come when first touched and stay
// until the last region that shows them is gone.
#pragma once

#include "hosts/personality/files/page_store.h"

namespace vdsokit::personality {

class SharedPages {
public:
    // With one user. nullptr: out of memory, or more than PageStore::most_pages.
    [[nodiscard]] static SharedPages* create(u64 pages);
    void retain() { users_ += 1; }
    void release();

    u64 count() const { return count_; }
    // One page, retained for the caller. no_frame: out of memory. Precondition: index < count().
    host::Frame page(u64 index);

    explicit SharedPages(u64 pages) : count_(pages) {}

private:
    u64 users_ = 1;
    u64 count_;
    PageStore frames_;
};

}  // namespace vdsokit::personality
