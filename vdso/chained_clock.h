// SPDX-License-Identifier: BSD-2-Clause
// One line whose clock is what another vDSO says, plus the base.
#pragma once

#include "vdso/chain_page.h"
#include "vdso/read_clock.h"

namespace vdsokit::vdso {

enum class Attempt { done, changed, impossible };

// `seen` is the line's state word, already judged. The other vDSO answers in nanoseconds. The base is
// loaded behind its call, where the loads and the product wait for the counter's barrier no longer.
[[gnu::always_inline]] inline Attempt try_chained(abi::ClockLine const& line, u32 clock, u64 seen,
                                                  u32 units, Reading& out) {
    ChainedClock* const other = chained_clock();
    Timespec now;
    if (other == nullptr || other(clock, &now) != 0) [[unlikely]]
        return Attempt::impossible;
    abi::Instant offset;
    if (!try_base(line, seen, offset)) [[unlikely]]
        return Attempt::changed;
    u64 part = static_cast<u64>(now.nanoseconds) + abi::units_of(offset.fraction, nanoseconds);
    u64 seconds = static_cast<u64>(now.seconds) + static_cast<u64>(offset.seconds);
    if (part >= nanoseconds) {
        part -= nanoseconds;
        ++seconds;
    }
    bool const fine = units == nanoseconds;
    out = {static_cast<i64>(seconds), fine ? part : static_cast<u32>(part) / 1000};
    return Attempt::done;
}

}  // namespace vdsokit::vdso
