// SPDX-License-Identifier: BSD-2-Clause
// All of memory in pages of 4 KiB. A page is unused, a frame that the root task sees, or another
// object of the kernel's; when its user gives it back it may become any of these again.
#pragma once

#include "hosts/personality/host_types.h"
#include "hosts/sel4/objects/page_objects.h"

namespace vdsokit::host {

// 4 KiB of memory by its number. The first page of each run holds the run's records and is never
// handed out, so page 0 is none.
struct Frame {
    u32 number;
    friend constexpr bool operator==(Frame, Frame) = default;
};
inline constexpr Frame no_frame{0};

// As seam.h says.
Frame allocate_frame();
void retain_frame(Frame frame);
void release_frame(Frame frame);
u32 frame_users(Frame frame);
u8* frame_bytes(Frame frame);
void publish_code(Frame frame);
FrameCount frame_count();

}  // namespace vdsokit::host

namespace vdsokit::sel4 {

FrameCap frame_cap(host::Frame frame);

// A page for an object that is no frame. 0: memory is out.
struct Page {
    u32 number;
    bool is_none() const { return number == 0; }
};
inline constexpr Page no_page{0};
Page take_page();
PageUntyped untyped_of(Page page);
// Its object has been deleted.
void give_back_page(Page page);

// What the user of a frame keeps with it: the page of the kernel's table in the same place.
void set_companion(host::Frame frame, Page page);
Page companion(host::Frame frame);
// The page table that a page has become.
void set_table(Page page, TableCap cap);
TableCap table_of(Page page);

}  // namespace vdsokit::sel4
