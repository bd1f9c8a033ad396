// SPDX-License-Identifier: BSD-2-Clause
// The report's pictures, as inline SVG without a name from elsewhere. Colours are the page's: each
// subject has a class.
#pragma once

#include <string>

#include "tool/bench/report.h"

namespace vdsokit::bench {

// Medians of all rows, ours beside the kernel's.
std::string overview(Table const& table);

// One row: how the measurements of each subject are distributed. What is several times slower than
// the rest is named and not drawn.
std::string distributions(RowFigures const& row);

// For what stands between tags or in an attribute.
std::string escaped(std::string const& text);

// The class of a subject's colour.
char const* class_of(Subject subject);

}  // namespace vdsokit::bench
