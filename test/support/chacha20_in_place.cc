// SPDX-License-Identifier: BSD-2-Clause
// What a CPU's assembly defines in an image, for readers that are tested on the fake CPU.
#include "test/support/chacha20.h"
#include "vdso/chacha20.h"

namespace vdsokit::vdso {

void vdsokit_chacha20_blocks(u8* to, u8 const* key, u64 counter, u64 blocks) {
    test::chacha20_blocks(to, key, counter, blocks);
}

}  // namespace vdsokit::vdso
