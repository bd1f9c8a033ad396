// SPDX-License-Identifier: BSD-2-Clause
#include "test/support/chacha20.h"

#include <bit>
#include <cstring>

namespace vdsokit::test {
namespace {

// [RFC 8439, 2.1]
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

}  // namespace

// [RFC 8439, 2.3]
void chacha20_block(u8 (&to)[64], u8 const* key, u32 const (&last_row)[4]) {
    u32 start[16];
    std::memcpy(start, "expand 32-byte k", 16);
    std::memcpy(start + 4, key, 32);
    std::memcpy(start + 12, last_row, 16);
    u32 x[16];
    std::memcpy(x, start, sizeof(x));
    for (int round = 0; round < 10; ++round) {
        for (u32 i = 0; i < 4; ++i) quarter_round(x[i], x[4 + i], x[8 + i], x[12 + i]);
        for (u32 i = 0; i < 4; ++i)
            quarter_round(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
    }
    for (u32 i = 0; i < 16; ++i) x[i] += start[i];
    std::memcpy(to, x, sizeof(x));  // little-endian CPUs alone
}

void chacha20_blocks(u8* to, u8 const* key, u64 counter, u64 blocks) {
    u8 kept[32];
    std::memcpy(kept, key, sizeof(kept));
    for (u64 i = 0; i < blocks; ++i, ++counter) {
        u8 block[64];
        chacha20_block(block, kept,
                       {static_cast<u32>(counter), static_cast<u32>(counter >> 32), 0, 0});
        std::memcpy(to + i * sizeof(block), block, sizeof(block));
    }
}

}  // namespace vdsokit::test
