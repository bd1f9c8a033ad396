// SPDX-License-Identifier: BSD-2-Clause
// What a page of memory becomes. Pages are untypeds of 4 KiB that come in runs.
#pragma once

#include "hosts/sel4/objects/capabilities.h"

namespace vdsokit::sel4 {

inline constexpr u32 pages_per_run = 256;
struct PageRun {
    PageUntyped pages[pages_per_run];
};
[[nodiscard]] bool carve_run(PageRun& run);
// 4 KiB pages that are in no run yet, as far as known: an estimate from above.
u64 pages_not_carved();

// An object that takes the whole page.
FrameCap make_frame(PageUntyped page);
TableCap make_table(PageUntyped page);
SpaceCap make_space(PageUntyped page);    // with an ASID
ThreadCap make_thread(PageUntyped page);  // in `space` once configure_thread() has said so
void delete_frame(FrameCap cap);
void delete_table(TableCap cap);
void delete_space(SpaceCap cap);
void delete_thread(ThreadCap cap);

}  // namespace vdsokit::sel4
