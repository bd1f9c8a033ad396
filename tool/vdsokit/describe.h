// SPDX-License-Identifier: BSD-2-Clause
// What an image says about itself, as one JSON value: `vdsokit show --json` prints it as it is, and
// show.h prints it for people. Also images that break rules are described, as far as they go.
#pragma once

#include <nlohmann/json.hpp>

#include "kit/image/image_view.h"

namespace vdsokit::tool {

using Json = nlohmann::ordered_json;

// Precondition: image.elf.has_header().
Json describe(kit::ImageView const& image);

// The time page at `offset`. Precondition: the file holds it.
Json describe_time_page(kit::Bytes file, u64 offset);

}  // namespace vdsokit::tool
