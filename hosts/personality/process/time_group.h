// SPDX-License-Identifier: BSD-2-Clause
// A time namespace: what a group of processes reads on CLOCK_MONOTONIC and CLOCK_BOOTTIME is ahead
// of the host's clocks by offsets of its own. To the kit it is one time page more; to the processes
// of the group, the page behind their vDSO. [time_namespaces(7); Linux kernel/time/namespace.c]
// nullptr stands for the group of the host's own clocks, whose offsets are 0.
#pragma once

#include "hosts/personality/seam.h"
#include "kit/random/random_publisher.h"
#include "kit/time/time_namespace.h"

namespace vdsokit::personality {

class Memory;

class TimeGroup {
public:
    // Each costs the host's tick one page more.
    static constexpr u32 most = 64;

    // With the offsets of `from`. nullptr: out of memory, or there are as many as may be.
    [[nodiscard]] static TimeGroup* make(TimeGroup const* from);
    void retain() { users_ += 1; }
    void release();  // the last user destroys it

    // Its first process is there; the offsets are what they are.
    void enter() { is_entered_ = true; }
    bool is_entered() const { return is_entered_; }
    kit::NamespaceOffsets const& offsets() const { return clocks_.offsets(); }
    // False: a clock would be negative, or run out too soon. Precondition: not entered.
    bool set_offsets(kit::NamespaceOffsets const& offsets);
    // As in "time:[4026531835]".
    u64 number() const { return number_; }

    host::Frame time_page() const { return frame_; }

    TimeGroup(host::Frame frame, u64 number) : frame_(frame), number_(number) {}

private:
    abi::TimePage& page() const;

    host::Frame frame_;
    kit::TimeNamespace clocks_;
    kit::RandomPublisher::Page random_;
    u64 number_;
    u64 users_ = 1;
    bool is_entered_ = false;
};

// Of the group, or of the host's own.
kit::NamespaceOffsets offsets_of(TimeGroup const* group);
u64 number_of(TimeGroup const* group);

// One group held by a process, with its user.
class HeldTimeGroup {
public:
    HeldTimeGroup() = default;
    HeldTimeGroup(HeldTimeGroup const&) = delete;
    HeldTimeGroup& operator=(HeldTimeGroup const&) = delete;
    ~HeldTimeGroup() { set(nullptr); }

    TimeGroup* get() const { return group_; }
    void set(TimeGroup* group) {
        if (group != nullptr) group->retain();
        if (group_ != nullptr) group_->release();
        group_ = group;
    }

private:
    TimeGroup* group_ = nullptr;
};

}  // namespace vdsokit::personality
