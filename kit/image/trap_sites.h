// SPDX-License-Identifier: BSD-2-Clause
// The instructions of an image that enter the kernel: where its note says, and where they are.
// Used by the rules on the vdsokit note and by the tool, which replaces them.
#pragma once

#include "kit/image/image_view.h"

namespace vdsokit::kit {

class TrapSites {
public:
    // There is a complete note, code, and a machine whose trap instruction is known.
    static bool are_readable(ImageView const& image);

    // A whole, aligned instruction at `offset` would lie in an executable section of the loaded
    // bytes. Precondition of this and the rest: are_readable(image).
    static bool is_in_code(ImageView const& image, u64 offset);

    // The number that stands there. Precondition: is_in_code(image, offset).
    static u32 instruction(ImageView const& image, u64 offset);

    // An instruction that enters the kernel and is not listed. Searched for where every instruction
    // has the same width; elsewhere its bytes may be the middle of another one.
    static Maybe<FileOffset> find_unlisted(ImageView const& image);
};

}  // namespace vdsokit::kit
