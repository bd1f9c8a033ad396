// SPDX-License-Identifier: BSD-2-Clause
// Address space that is held free, without access, until something is mapped over it. The kernel
// alone knows what is mapped in a process that did not start empty; so it chooses, and the plan of
// the exec is made inside what it gave.
#pragma once

#include <vector>

#include "kit/process/exec.h"

namespace vdsokit::uexec {

class Room {
public:
    Room() = default;
    // Anywhere; empty if there is none.
    static Room anywhere(u64 size);
    // Exactly there; empty if anything is there already.
    static Room at(kit::AddressRange range);

    bool is_empty() const { return range_.size() == 0; }
    kit::AddressRange range() const { return range_; }

    // Gives back all but these parts, which need not be sorted or lie inside.
    void keep_only(std::vector<kit::AddressRange> parts);

private:
    kit::AddressRange range_{};
};

}  // namespace vdsokit::uexec
