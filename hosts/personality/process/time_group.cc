// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/time_group.h"

#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/pool.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::personality {

namespace {

constinit Pool<TimeGroup> groups;
constinit u32 group_count = 0;

// The host's own is the first; Linux's has this number too. [include/uapi/linux/nsfs.h]
constexpr u64 first_number = 0xefff'fffa;
constinit u64 last_number = first_number;

}  // namespace

TimeGroup* TimeGroup::make(TimeGroup const* from) {
    if (group_count == most) return nullptr;
    host::Frame const frame = host::allocate_frame();
    if (frame == host::no_frame) return nullptr;
    TimeGroup* const group = groups.make(frame, last_number + 1);
    if (group == nullptr) {
        host::release_frame(frame);
        return nullptr;
    }
    // The offsets were right when `from` got them, and clocks only go forward since.
    if (!host::timekeeper().open(group->clocks_, group->page(), offsets_of(from))) {
        host::release_frame(frame);
        groups.free(group);
        return nullptr;
    }
    publish_random_in(group->random_, group->page());
    last_number += 1;
    group_count += 1;
    return group;
}

void TimeGroup::release() {
    users_ -= 1;
    if (users_ != 0) return;
    withdraw_random_in(random_);
    host::timekeeper().close(clocks_);
    host::release_frame(frame_);
    group_count -= 1;
    groups.free(this);
}

bool TimeGroup::set_offsets(kit::NamespaceOffsets const& offsets) {
    kit::NamespaceOffsets const old = clocks_.offsets();
    host::timekeeper().close(clocks_);
    bool const is_accepted = static_cast<bool>(host::timekeeper().open(clocks_, page(), offsets));
    if (!is_accepted) static_cast<void>(host::timekeeper().open(clocks_, page(), old));
    return is_accepted;
}

abi::TimePage& TimeGroup::page() const {
    return *static_cast<abi::TimePage*>(static_cast<void*>(host::frame_bytes(frame_)));
}

kit::NamespaceOffsets offsets_of(TimeGroup const* group) {
    return group == nullptr ? kit::NamespaceOffsets{} : group->offsets();
}

u64 number_of(TimeGroup const* group) { return group == nullptr ? first_number : group->number(); }

}  // namespace vdsokit::personality
