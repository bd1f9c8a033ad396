// SPDX-License-Identifier: BSD-2-Clause
// The clocks as one group of processes sees them: a time page of its own, on which CLOCK_MONOTONIC
// (with its raw and coarse twins) and CLOCK_BOOTTIME are ahead of the host's, or behind, by offsets
// that never change. The wall clocks are the host's. A reader does not know the difference and pays
// nothing for it: the offset is in the base that it adds anyway. [time_namespaces(7)]
//
// Timekeeper::open() and close() it; in between it stays at one address. The host maps its page
// instead of its own into the processes of the group.
#pragma once

#include "kit/time/time_page_writer.h"
#include "kit/time/units.h"

namespace vdsokit::kit {

// Added to what the host's clock says. Either may be negative: {-1, 500'000'000} is -0.5 s.
struct NamespaceOffsets {
    Timespec monotonic{0, 0};
    Timespec boottime{0, 0};
    friend constexpr bool operator==(NamespaceOffsets const&, NamespaceOffsets const&) = default;
};

class TimeNamespace {
public:
    TimeNamespace() = default;
    NamespaceOffsets const& offsets() const { return offsets_; }
    bool is_open() const { return is_open_; }

private:
    friend class Timekeeper;

    TimePageWriter page_;
    NamespaceOffsets offsets_{};
    abi::Instant monotonic_{};
    abi::Instant boottime_{};
    TimeNamespace* next_ = nullptr;
    bool is_open_ = false;
};

}  // namespace vdsokit::kit
