// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/shared_pages.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<SharedPages> objects;

inline constexpr u64 entries = frame_size / sizeof(host::Frame);

host::Frame* entries_of(host::Frame table) {
    return reinterpret_cast<host::Frame*>(host::frame_bytes(table));
}

host::Frame make_table() {
    host::Frame const table = host::allocate_frame();
    if (table == host::no_frame) return table;
    host::Frame* const places = entries_of(table);
    for (u64 at = 0; at < entries; ++at)
        new (static_cast<void*>(places + at)) host::Frame(host::no_frame);
    return table;
}

}  // namespace

u64 SharedPages::limit() { return entries * entries; }

SharedPages* SharedPages::create(u64 pages) {
    if (pages > limit()) return nullptr;
    host::Frame const table = make_table();
    if (table == host::no_frame) return nullptr;
    SharedPages* const object = objects.make(pages, table);
    if (object == nullptr) host::release_frame(table);
    return object;
}

host::Frame SharedPages::page(u64 index) {
    if (index >= count_) __builtin_trap();
    host::Frame& leaf = entries_of(table_)[index / entries];
    if (leaf == host::no_frame) leaf = make_table();
    if (leaf == host::no_frame) return host::no_frame;
    host::Frame& frame = entries_of(leaf)[index % entries];
    if (frame == host::no_frame) frame = host::allocate_frame();
    if (frame != host::no_frame) host::retain_frame(frame);
    return frame;
}

void SharedPages::release() {
    users_ -= 1;
    if (users_ != 0) return;
    for (u64 at = 0; at < entries; ++at) {
        host::Frame const leaf = entries_of(table_)[at];
        if (leaf == host::no_frame) continue;
        for (u64 page = 0; page < entries; ++page) {
            host::Frame const frame = entries_of(leaf)[page];
            if (frame != host::no_frame) host::release_frame(frame);
        }
        host::release_frame(leaf);
    }
    host::release_frame(table_);
    objects.free(this);
}

}  // namespace vdsokit::personality
