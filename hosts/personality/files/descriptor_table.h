// SPDX-License-Identifier: BSD-2-Clause
// Numbers to open files. The rows stand in frames that come when the first number in them is used.
#pragma once

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality {

class DescriptorTable {
public:
    static DescriptorTable* create();
    void retain() { users_ += 1; }
    void release();
    bool is_shared() const { return users_ > 1; }
    // A copy with the same open files. nullptr: out of memory.
    DescriptorTable* fork() const;

    i32 add(File& file, bool marked, u32 lowest, u32 limit);
    File* find(i32 descriptor) const;
    bool close(i32 descriptor);
    bool replace(i32 descriptor, File& file, bool marked);
    bool is_marked(i32 descriptor) const;
    void mark(i32 descriptor, bool marked);
    i32 next_open(u32 from) const;
    void close_marked();

    DescriptorTable() {
        for (host::Frame& frame : frames_) frame = host::no_frame;
    }

private:
    // A frame of zeros is a frame of closed descriptors.
    struct Row {
        File* file;
        u64 marked;
    };
    static constexpr u32 rows_each = page_size / sizeof(Row);
    static constexpr u32 frame_count = descriptor_limit / rows_each;
    static_assert(frame_count * rows_each == descriptor_limit);

    Row* row(u32 number) const;
    Row* make_row(u32 number);

    u32 users_ = 1;
    host::Frame frames_[frame_count];
};

}  // namespace vdsokit::personality
