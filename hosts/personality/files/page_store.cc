// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/page_store.h"

#include <new>

namespace vdsokit::personality {

namespace {

host::Frame* slots(host::Frame table) {
    return reinterpret_cast<host::Frame*>(host::frame_bytes(table));
}

host::Frame make_table() {
    host::Frame const table = host::allocate_frame();
    if (table == host::no_frame) return table;
    // A zeroed frame need not read as "no frame": that is the host's choice.
    for (u64 at = 0; at < PageStore::fan_out; ++at)
        new (slots(table) + at) host::Frame(host::no_frame);
    return table;
}

// Pages below one slot of a table of that height.
constexpr u64 span(u32 height) {
    u64 pages = 1;
    for (u32 level = 0; level < height; ++level) pages *= PageStore::fan_out;
    return pages;
}

}  // namespace

host::Frame PageStore::find(u64 index) const {
    if (index >= span(height_)) return host::no_frame;
    host::Frame at = root_;
    for (u32 height = height_; height > 0 && at != host::no_frame; --height) {
        u64 const below = span(height - 1);
        at = slots(at)[index / below];
        index %= below;
    }
    return at;
}

bool PageStore::put(u64 index, host::Frame frame) {
    if (index >= most_pages) return false;
    while (index >= span(height_)) {
        if (root_ != host::no_frame) {
            host::Frame const table = make_table();
            if (table == host::no_frame) return false;
            slots(table)[0] = root_;
            root_ = table;
        }
        height_ += 1;
    }
    host::Frame* slot = &root_;
    for (u32 height = height_; height > 0; --height) {
        if (*slot == host::no_frame) {
            host::Frame const table = make_table();
            if (table == host::no_frame) return false;
            *slot = table;
        }
        u64 const below = span(height - 1);
        slot = slots(*slot) + index / below;
        index %= below;
    }
    if (*slot != host::no_frame)
        host::release_frame(*slot);
    else
        count_ += 1;
    *slot = frame;
    return true;
}

u64 PageStore::cut(u64 first, u64 end) {
    u64 const released = cut(root_, height_, 0, first, end);
    count_ -= released;
    if (root_ == host::no_frame) height_ = 0;
    return released;
}

u64 PageStore::cut(host::Frame& slot, u32 height, u64 base, u64 first, u64 end) {
    u64 const pages = span(height);
    if (slot == host::no_frame || end <= base || first >= base + pages) return 0;
    u64 released = 0;
    bool empty = true;
    if (height == 0) {
        released = 1;
    } else {
        u64 const below = span(height - 1);
        for (u64 at = 0; at < fan_out; ++at) {
            host::Frame& child = slots(slot)[at];
            released += cut(child, height - 1, base + at * below, first, end);
            empty = empty && child == host::no_frame;
        }
    }
    if (!empty) return released;
    host::release_frame(slot);
    slot = host::no_frame;
    return released;
}

u64 PageStore::next(u64 from) const { return next(root_, height_, 0, from); }

u64 PageStore::next(host::Frame slot, u32 height, u64 base, u64 from) const {
    if (slot == host::no_frame || from >= base + span(height)) return most_pages;
    if (height == 0) return base;
    u64 const below = span(height - 1);
    for (u64 at = from > base ? (from - base) / below : 0; at < fan_out; ++at) {
        u64 const found = next(slots(slot)[at], height - 1, base + at * below, from);
        if (found != most_pages) return found;
    }
    return most_pages;
}

}  // namespace vdsokit::personality
