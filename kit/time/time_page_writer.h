// SPDX-License-Identifier: BSD-2-Clause
// The writer's side of the protocol in abi/time_page.h, for one page. One writer at a time: whoever
// holds the Timekeeper. A page may have been left half written by a writer that died; attaching
// takes it over. Without a page everything here does nothing.
#pragma once

#include "abi/conversion.h"
#include "abi/time_page.h"
#include "kit/time/units.h"

namespace vdsokit::kit {

// What one line is to say. A held line has a base alone.
struct LineContent {
    abi::ClockMode mode = abi::ClockMode::none;
    abi::LineValues values{};
};

// Indexed by clock id.
struct LineContents {
    LineContent of[abi::clock_lines];
};

class TimePageWriter {
public:
    // The page stays the host's; it must outlive this object or its next attach().
    void attach(abi::TimePage& page);
    bool is_attached() const { return page_ != nullptr; }

    // Takes `clocks` (a set of abi::bit()) from the readers. When it returns, whoever reads the
    // counter later than this CPU does also sees that the lines are locked.
    void lock(u32 clocks);
    // Stores what those lines say and gives them back to the readers, all or none of each.
    void unlock(u32 clocks, LineContents const& contents);

    void store_resolution(u32 high_resolution_nanoseconds, u32 coarse_nanoseconds);
    void store_timezone(Timezone timezone);

private:
    abi::TimePage* page_ = nullptr;
};

}  // namespace vdsokit::kit
