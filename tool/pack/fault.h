// SPDX-License-Identifier: BSD-2-Clause
// Why an image was not packed: what is wrong, and where in the linked file. A build fails on it.
#pragma once

#include <optional>
#include <string>

namespace vdsokit::pack {

struct Fault {
    std::string what;
    std::string where;  // a section, a symbol, an offset
};

// Nothing: no fault.
using Check = std::optional<Fault>;

}  // namespace vdsokit::pack
