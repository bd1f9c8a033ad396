// SPDX-License-Identifier: BSD-2-Clause
// The ChaCha20 block function, in the assembly of each CPU: arch/<cpu>/chacha20.s.
#pragma once

#include "arch/types.h"

namespace vdsokit::vdso {

// Writes `blocks` blocks of 64 bytes to `to`, from `key` of 32 bytes, the 64-bit block counter that
// starts at `counter`, and a nonce of zero: RFC 8439's function with its counter carried into the
// nonce's first word. The key may be the end of what is written, and lies nowhere else in it.
// Neither key nor state ever reaches the stack, and no register holds any of it afterwards.
// No alignment is asked for; 0 blocks are allowed.
extern "C" [[gnu::visibility("hidden")]] void vdsokit_chacha20_blocks(u8* to, u8 const* key,
                                                                      u64 counter, u64 blocks);

}  // namespace vdsokit::vdso
