// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/random.h"

#include <bit>

namespace vdsokit::machine {
namespace {

constexpr u64 words = 16;
constexpr u64 key_bytes = 32;

void quarter_round(u32& a, u32& b, u32& c, u32& d) {
    a += b;
    d = std::rotl(d ^ a, 16);
    c += d;
    b = std::rotl(b ^ c, 12);
    a += b;
    d = std::rotl(d ^ a, 8);
    c += d;
    b = std::rotl(b ^ c, 7);
}

u32 little_word(u8 const* at) {
    return u32{at[0]} | u32{at[1]} << 8 | u32{at[2]} << 16 | u32{at[3]} << 24;
}

}  // namespace

ChaChaBlock chacha_block(u8 const (&key)[32], u32 counter, u8 const (&nonce)[12]) {
    u32 start[words] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (u64 at = 0; at < 8; ++at) start[4 + at] = little_word(key + at * 4);
    start[12] = counter;
    for (u64 at = 0; at < 3; ++at) start[13 + at] = little_word(nonce + at * 4);
    u32 state[words];
    for (u64 at = 0; at < words; ++at) state[at] = start[at];
    for (u32 round = 0; round < 10; ++round) {
        for (u32 at = 0; at < 4; ++at)
            quarter_round(state[at], state[4 + at], state[8 + at], state[12 + at]);
        for (u32 at = 0; at < 4; ++at)
            quarter_round(state[at], state[4 + (at + 1) % 4], state[8 + (at + 2) % 4],
                          state[12 + (at + 3) % 4]);
    }
    ChaChaBlock block{};
    for (u64 at = 0; at < words; ++at) {
        u32 const word = state[at] + start[at];
        for (u32 byte = 0; byte < 4; ++byte)
            block.bytes[at * 4 + byte] = static_cast<u8>(word >> (8 * byte));
    }
    return block;
}

void RandomSource::add(kit::Bytes seed) {
    constexpr u8 nonce[12] = {'s', 'e', 'e', 'd'};
    for (u64 at = 0; at < seed.size(); at += key_bytes) {
        u64 const left = seed.size() - at;
        u64 const count = left < key_bytes ? left : key_bytes;
        for (u64 byte = 0; byte < count; ++byte) key_[byte] ^= seed[at + byte];
        ChaChaBlock const block = chacha_block(key_, static_cast<u32>(count), nonce);
        __builtin_memcpy(key_, block.bytes, key_bytes);
    }
}

void RandomSource::fill(u8* to, u64 size, u64 moment) {
    u8 nonce[12] = {};
    __builtin_memcpy(nonce, &moment, sizeof(moment));
    // The first half of block 0 becomes the next key; output starts with block 1.
    ChaChaBlock const next = chacha_block(key_, 0, nonce);
    u32 counter = 1;
    for (u64 at = 0; at < size;) {
        // 2^32 blocks are 256 GiB; a caller that wants more in one call gets another nonce.
        ChaChaBlock const block = chacha_block(key_, counter++, nonce);
        if (counter == 0) nonce[11] = static_cast<u8>(nonce[11] + 1);
        u64 const left = size - at;
        u64 const count = left < sizeof(block.bytes) ? left : sizeof(block.bytes);
        __builtin_memcpy(to + at, block.bytes, count);
        at += count;
    }
    __builtin_memcpy(key_, next.bytes, key_bytes);
}

}  // namespace vdsokit::machine
