// SPDX-License-Identifier: BSD-2-Clause
// What getrandom in the image needs to know of the host: one line of the time page, and the layout
// of the state that a program keeps for it. The host's RandomPublisher is the only writer of the
// line (kit/random/); a page of a kit without one has zeros there, which say "nothing published".
//
// The writer raises `generation` after its generator was seeded anew, by a store-release, so that a
// reader that sees the new number and then makes the system call gets bytes of the new seed. The
// reader generates only while its state carries the number that the line says, and looks again when
// it is done. A state that a fork wiped, or that its mapping dropped, carries 0.
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

// How getrandom is answered.
enum class RandomMode : u32 {
    none = 0,        // make the system call; the probe says ENOSYS
    generation = 1,  // in the process, from a key that the system call gave
    chained = 2,     // by another vDSO (chain_page.h), the probe too
};

// The mode word: like the state of a clock's line, it tells mode, version and magic at once.
inline constexpr u32 random_magic = 0xe;
inline constexpr u32 random_version = 1;

constexpr u32 random_state_of(RandomMode mode) {
    return (random_magic << 8) | (random_version << 4) | (static_cast<u32>(mode) << 1);
}

struct alignas(64) RandomLine {
    u64 generation;      // of the host's seed; never 0 once published
    u32 state;           // random_state_of(mode), stored after everything below
    u32 is_ready;        // 0: the host's generator is not seeded yet; make the system call
    u32 map_protection;  // how a program is to map its states, for the probe's answer
    u32 map_flags;       // the host keeps what Linux promises of a mapping with these flags
    u32 page_size;       // of such a mapping; a state must lie within one page
    u32 reserved0;
    u64 reserved1[4];
};
static_assert(sizeof(RandomLine) == 64);
static_assert(offsetof(RandomLine, state) == 8 && offsetof(RandomLine, is_ready) == 12 &&
              offsetof(RandomLine, map_protection) == 16 && offsetof(RandomLine, map_flags) == 20 &&
              offsetof(RandomLine, page_size) == 24);

inline constexpr u64 random_key_bytes = 32;
inline constexpr u64 random_batch_bytes = 96;

// A program's state: zeros at first. Batch and key are two blocks of one ChaCha20 stream, so that
// one call of the block function replaces both and the key that made the batch is gone with it.
struct RandomState {
    u8 batch[random_batch_bytes];  // [position, end) was not given out yet; the rest is zero
    u8 key[random_key_bytes];      // for the next blocks
    u64 generation;                // of the seed that the key comes from; 0: no key
    u8 position;
    u8 in_use;  // a call on it is under way, in this thread below the present one
    u8 reserved[6];
};
static_assert(sizeof(RandomState) == 144);
static_assert(offsetof(RandomState, key) == 96 && offsetof(RandomState, generation) == 128 &&
              offsetof(RandomState, position) == 136 && offsetof(RandomState, in_use) == 137);

// The answer to the probe. [Linux include/uapi/linux/random.h: vgetrandom_opaque_params]
struct RandomParameters {
    u32 state_bytes;
    u32 map_protection;
    u32 map_flags;
    u32 reserved[13];
};
static_assert(sizeof(RandomParameters) == 64);

// getrandom(2)'s flags. [Linux include/uapi/linux/random.h]
inline constexpr u32 random_nonblocking = 1;
inline constexpr u32 random_blocking_pool = 2;
inline constexpr u32 random_insecure = 4;
inline constexpr u32 random_flags = random_nonblocking | random_blocking_pool | random_insecure;

// No more is answered by one call, less the bits below a page; Linux's INT_MAX.
inline constexpr u64 random_bytes_max = 0x7fff'ffff;

}  // namespace vdsokit::abi
