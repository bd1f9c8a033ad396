// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/narrow/window.h"

#include "kit/core/bytes.h"

namespace vdsokit::personality {

constinit Window window;

u64 Window::place(u64 size) {
    if (slot_count_ == most_slots || !kit::inside(used_, size, capacity)) return 0;
    u64 const start = base + used_;
    __builtin_memset(bytes(start), 0, size);
    slots_[slot_count_++] = {start, size, false};
    used_ = kit::align_up(used_ + size, 16);
    return start;
}

bool Window::was_written(u64 address) const {
    for (u32 at = 0; at < slot_count_; ++at)
        if (slots_[at].start == address) return slots_[at].written;
    return false;
}

u8* Window::find(u64 start, u64 size, bool writes) {
    for (u32 at = 0; at < slot_count_; ++at) {
        Slot& slot = slots_[at];
        if (start < slot.start || !kit::inside(start - slot.start, size, slot.size)) continue;
        if (writes) slot.written = true;
        return bytes(start);
    }
    return nullptr;
}

}  // namespace vdsokit::personality
