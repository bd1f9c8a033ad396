// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/printable.h"

#include <fmt/format.h>

namespace vdsokit::tool {

std::string printable(kit::Text text) {
    std::string shown;
    for (u64 at = 0; at < text.size(); ++at) {
        u8 const byte = static_cast<u8>(text.data()[at]);
        if (byte == '\\') {
            shown += "\\\\";
        } else if (byte >= 0x20 && byte < 0x7f) {
            shown += static_cast<char>(byte);
        } else {
            shown += fmt::format("\\x{:02x}", byte);
        }
    }
    return shown;
}

}  // namespace vdsokit::tool
