// SPDX-License-Identifier: BSD-2-Clause
// What a linked file must be before it can become an image: nothing that a loader would have to do
// anything about, and nothing that a process would write to. `vdsokit check` judges the result; the
// rules here are those that can no longer be seen in it.
#pragma once

#include "tool/pack/linked_image.h"

namespace vdsokit::pack {

// The first fault found.
Check check_linked(LinkedImage const& image, u64 page_size);

}  // namespace vdsokit::pack
