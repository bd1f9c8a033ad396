// SPDX-License-Identifier: BSD-2-Clause
#include "tool/run/embedded_image.h"

extern "C" {
extern vdsokit::u8 const vdsokit_image_begin[];
extern vdsokit::u8 const vdsokit_image_end[];
}

// VDSOKIT_IMAGE is the image's path, given by the build. Embedding a file takes the assembler.
asm(".pushsection .rodata\n"
    ".balign 16\n"
    ".global vdsokit_image_begin, vdsokit_image_end\n"
    ".hidden vdsokit_image_begin, vdsokit_image_end\n"
    "vdsokit_image_begin:\n"
    ".incbin \"" VDSOKIT_IMAGE
    "\"\n"
    "vdsokit_image_end:\n"
    ".popsection");

namespace vdsokit::tool {

kit::Bytes embedded_image() {
    return {vdsokit_image_begin, static_cast<u64>(vdsokit_image_end - vdsokit_image_begin)};
}

}  // namespace vdsokit::tool
