// SPDX-License-Identifier: BSD-2-Clause
// `vdsokit show`: an image's description as text. A golden file of the built image is compared with
// it, so that a change of the image is seen in review.
#pragma once

#include <string>

#include "tool/vdsokit/describe.h"

namespace vdsokit::tool {

// `description` is what describe() returned.
std::string as_text(Json const& description);

}  // namespace vdsokit::tool
