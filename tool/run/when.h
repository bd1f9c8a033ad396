// SPDX-License-Identifier: BSD-2-Clause
// What a user writes for a point in time or a span: ISO 8601 or @seconds, and 1y2d3h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "kit/time/units.h"

namespace vdsokit::tool {

// Why a text was refused.
struct WhenFault {
    std::string reason;
};

// "@SECONDS[.FRACTION]" since 1970, or "YYYY-MM-DD[(T| )HH:MM[:SS[.FRACTION]][Z|±HH[:]MM]]"; without
// a zone, the local one. At most nine digits of fraction. The year is 1 to 9999.
std::variant<kit::Timespec, WhenFault> parse_time(std::string_view text);

// "[+|-]" and one or more of NUMBER UNIT, units y (365 days), w, d, h, m, s, ms, us, ns, each at most
// once and from the longest down; a number may have a fraction only before s. "90" alone is seconds.
std::variant<kit::Timespec, WhenFault> parse_span(std::string_view text);

// a - b and a + b; nullopt: it does not fit.
std::optional<kit::Timespec> difference(kit::Timespec a, kit::Timespec b);

}  // namespace vdsokit::tool
