// SPDX-License-Identifier: BSD-2-Clause
// ChaCha20 as RFC 8439 writes it, for comparison with what is written for speed.
#pragma once

#include "arch/types.h"

namespace vdsokit::test {

// One block. `words` 12 to 15 of the state are the counter and the nonce.
void chacha20_block(u8 (&to)[64], u8 const* key, u32 const (&last_row)[4]);

// What vdso/chacha20.h promises.
void chacha20_blocks(u8* to, u8 const* key, u64 counter, u64 blocks);

}  // namespace vdsokit::test
