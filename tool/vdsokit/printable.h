// SPDX-License-Identifier: BSD-2-Clause
// Text from an untrusted image, safe to print: a terminal gets no control characters, JSON no
// invalid UTF-8.
#pragma once

#include <string>

#include "kit/image/text.h"

namespace vdsokit::tool {

// Bytes outside printable ASCII become \xNN, and a backslash two.
std::string printable(kit::Text text);

}  // namespace vdsokit::tool
