// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/shared_pages.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<SharedPages> objects;
}

SharedPages* SharedPages::create(u64 pages) {
    return pages > PageStore::most_pages ? nullptr : objects.make(pages);
}

host::Frame SharedPages::page(u64 index) {
    if (index >= count_) __builtin_trap();
    host::Frame frame = frames_.find(index);
    if (frame == host::no_frame) {
        frame = host::allocate_frame();
        if (frame == host::no_frame) return frame;
        if (!frames_.put(index, frame)) {
            host::release_frame(frame);
            return host::no_frame;
        }
    }
    host::retain_frame(frame);
    return frame;
}

void SharedPages::release() {
    users_ -= 1;
    if (users_ != 0) return;
    frames_.cut(0, count_);
    objects.free(this);
}

}  // namespace vdsokit::personality
