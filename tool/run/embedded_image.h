// SPDX-License-Identifier: BSD-2-Clause
// The image of the machine that this program was built for, built beside it.
#pragma once

#include "kit/core/bytes.h"

namespace vdsokit::tool {

kit::Bytes embedded_image();

}  // namespace vdsokit::tool
