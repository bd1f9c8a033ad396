// SPDX-License-Identifier: BSD-2-Clause
// A time page as a Timekeeper publishes it, baked into a file: for tests and measurements, where
// there is no host to publish. `counter=virtual,frequency=HZ,realtime=NS,monotonic=NS` and more.
#pragma once

#include <optional>
#include <string>

#include "abi/time_page.h"
#include "kit/image/machines.h"

namespace vdsokit::tool {

// What the clocks say at counter value 0. Times in ns.
struct Publication {
    CounterKind counter;
    u64 frequency;  // Hz
    u64 realtime;
    u64 monotonic;
    std::optional<u64> boottime;  // otherwise monotonic
    u64 tai_offset = 0;           // s
    std::optional<u64> resolution;
    std::optional<u64> coarse_resolution;
};

// Throws Failure that names the key: unknown, missing, twice, or no number.
Publication parse_publication(std::string const& text);

// Throws Failure: a value that no Timekeeper accepts.
abi::TimePage published_page(Publication const& publication, kit::CounterFacts const& counter);

}  // namespace vdsokit::tool
