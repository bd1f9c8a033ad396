// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/descriptor_table.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<DescriptorTable> tables;

bool is_in_range(i32 descriptor) {
    return descriptor >= 0 && static_cast<u32>(descriptor) < descriptor_limit;
}

}  // namespace

DescriptorTable* DescriptorTable::create() { return tables.make(); }

void DescriptorTable::release() {
    users_ -= 1;
    if (users_ > 0) return;
    for (i32 at = next_open(0); at >= 0; at = next_open(static_cast<u32>(at) + 1))
        static_cast<void>(close(at));
    for (host::Frame const frame : frames_)
        if (frame != host::no_frame) host::release_frame(frame);
    tables.free(this);
}

DescriptorTable::Row* DescriptorTable::row(u32 number) const {
    host::Frame const frame = frames_[number / rows_each];
    if (frame == host::no_frame) return nullptr;
    return reinterpret_cast<Row*>(host::frame_bytes(frame)) + number % rows_each;
}

DescriptorTable::Row* DescriptorTable::make_row(u32 number) {
    host::Frame& frame = frames_[number / rows_each];
    if (frame == host::no_frame) frame = host::allocate_frame();
    return frame == host::no_frame ? nullptr : row(number);
}

DescriptorTable* DescriptorTable::fork() const {
    DescriptorTable* const copy = create();
    if (copy == nullptr) return nullptr;
    for (i32 at = next_open(0); at >= 0; at = next_open(static_cast<u32>(at) + 1)) {
        Row const& from = *row(static_cast<u32>(at));
        Row* const to = copy->make_row(static_cast<u32>(at));
        if (to == nullptr) {
            copy->release();
            return nullptr;
        }
        from.file->retain();
        *to = from;
    }
    return copy;
}

i32 DescriptorTable::add(File& file, bool marked, u32 lowest, u32 limit) {
    for (u32 number = lowest; number < limit && number < descriptor_limit; ++number) {
        Row* const place = make_row(number);
        if (place == nullptr) return -static_cast<i32>(Errno::nomem);
        if (place->file != nullptr) continue;
        *place = {&file, marked};
        return static_cast<i32>(number);
    }
    return -static_cast<i32>(Errno::mfile);
}

File* DescriptorTable::find(i32 descriptor) const {
    if (!is_in_range(descriptor)) return nullptr;
    Row const* const place = row(static_cast<u32>(descriptor));
    return place == nullptr ? nullptr : place->file;
}

bool DescriptorTable::close(i32 descriptor) {
    File* const file = find(descriptor);
    if (file == nullptr) return false;
    *row(static_cast<u32>(descriptor)) = {};
    file->release();
    return true;
}

bool DescriptorTable::replace(i32 descriptor, File& file, bool marked) {
    Row* const place = make_row(static_cast<u32>(descriptor));
    if (place == nullptr) return false;
    File* const old = place->file;
    *place = {&file, marked};
    if (old != nullptr) old->release();
    return true;
}

bool DescriptorTable::is_marked(i32 descriptor) const {
    return find(descriptor) != nullptr && row(static_cast<u32>(descriptor))->marked != 0;
}

void DescriptorTable::mark(i32 descriptor, bool marked) {
    if (find(descriptor) != nullptr) row(static_cast<u32>(descriptor))->marked = marked;
}

i32 DescriptorTable::next_open(u32 from) const {
    for (u32 number = from; number < descriptor_limit; ++number) {
        Row const* const place = row(number);
        if (place != nullptr && place->file != nullptr) return static_cast<i32>(number);
    }
    return -1;
}

void DescriptorTable::close_marked() {
    for (i32 at = next_open(0); at >= 0; at = next_open(static_cast<u32>(at) + 1))
        if (is_marked(at)) static_cast<void>(close(at));
}

}  // namespace vdsokit::personality
