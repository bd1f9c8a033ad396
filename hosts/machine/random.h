// SPDX-License-Identifier: BSD-2-Clause
// Unpredictable bytes: the ChaCha20 stream of a key that is replaced at each use, so that what was
// given out cannot be found from the state later. [RFC 8439; "fast key erasure", D. J. Bernstein]
#pragma once

#include "arch/types.h"
#include "kit/core/bytes.h"

namespace vdsokit::machine {

struct ChaChaBlock {
    u8 bytes[64];
};
// The block function of RFC 8439, 2.3.
ChaChaBlock chacha_block(u8 const (&key)[32], u32 counter, u8 const (&nonce)[12]);

class RandomSource {
public:
    // Mixes `seed` in; nothing that was there is lost.
    void add(kit::Bytes seed);
    // `moment` is anything that differs between calls: the counter.
    void fill(u8* to, u64 size, u64 moment);

private:
    u8 key_[32] = {};
};

// Seeds the source from what the loader passed; the counter's jitter is added to it.
void start_random(kit::Bytes seed, u64 second_seed, CounterKind counter);
// From the timer's interrupt, `uptime` in seconds: what its jitter adds up to becomes a new seed
// after one second, then ever more rarely, at last once a minute; programs are told.
// [Linux drivers/char/random.c, crng_reseed_interval()]
void stir_random(u64 uptime);

}  // namespace vdsokit::machine

namespace vdsokit::host {

// As seam.h says.
void fill_random(u8* to, u64 size);

}  // namespace vdsokit::host
