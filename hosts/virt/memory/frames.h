// SPDX-License-Identifier: BSD-2-Clause
// The frames of all memory that nothing else uses, each with a count of its users.
#pragma once

#include "arch/types.h"
#include "hosts/personality/host_types.h"
#include "hosts/virt/memory/kernel_layout.h"
#include "hosts/virt/memory/range_set.h"

namespace vdsokit::host {

// 4 KiB of memory, by its number: physical address / 4096. Frame 0 is never handed out.
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

namespace vdsokit::virt {

constexpr PhysicalAddress physical_of(host::Frame frame) {
    return {u64{frame.number} * page_bytes};
}
// Precondition: `at` lies in memory that frames came from.
constexpr host::Frame frame_at(PhysicalAddress at) {
    return {static_cast<u32>(at.value / page_bytes)};
}

// Before any frame is asked for, and after `memory` is in the linear map; all of it becomes frames,
// but for the first pages of its largest range, which hold the frames' records. False: no room.
[[nodiscard]] bool start_frames(RangeSet const& memory);

}  // namespace vdsokit::virt
