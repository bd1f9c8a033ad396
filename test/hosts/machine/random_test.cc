// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/random.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace vdsokit::machine {
namespace {

TEST(ChaCha, the_block_of_rfc_8439_2_3_2) {
    u8 key[32];
    for (u8 at = 0; at < 32; ++at) key[at] = at;
    u8 const nonce[12] = {0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0};
    u8 const expect[64] = {
        0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3,
        0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22,
        0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa,
        0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1,
        0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e,
    };
    ChaChaBlock const block = chacha_block(key, 1, nonce);
    for (u64 at = 0; at < 64; ++at) EXPECT_EQ(block.bytes[at], expect[at]) << at;
}

std::vector<u8> fill(RandomSource& source, u64 size, u64 moment) {
    std::vector<u8> bytes(size);
    source.fill(bytes.data(), size, moment);
    return bytes;
}

RandomSource seeded(std::vector<u8> const& seed) {
    RandomSource source;
    source.add({seed.data(), seed.size()});
    return source;
}

TEST(RandomSource, the_same_moment_never_gives_the_same_bytes_twice) {
    RandomSource source = seeded({1, 2, 3});
    std::set<std::vector<u8>> seen;
    for (int call = 0; call < 100; ++call) EXPECT_TRUE(seen.insert(fill(source, 16, 5)).second);
}

TEST(RandomSource, every_byte_of_the_seed_counts) {
    std::set<std::vector<u8>> seen;
    std::vector<u8> seed(70, 7);
    for (u64 at = 0; at < seed.size(); ++at) {
        std::vector<u8> changed = seed;
        changed[at] ^= 1;
        RandomSource source = seeded(changed);
        EXPECT_TRUE(seen.insert(fill(source, 16, 0)).second) << at;
    }
    RandomSource longer = seeded(std::vector<u8>(71, 7));
    EXPECT_TRUE(seen.insert(fill(longer, 16, 0)).second);
}

TEST(RandomSource, a_longer_request_begins_with_what_a_shorter_one_would_have_been) {
    RandomSource a = seeded({9});
    RandomSource b = seeded({9});
    std::vector<u8> const many = fill(a, 200, 3);
    std::vector<u8> const few = fill(b, 65, 3);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
    EXPECT_NE(std::vector<u8>(many.begin(), many.begin() + 64),
              std::vector<u8>(many.begin() + 64, many.begin() + 128));
}

}  // namespace
}  // namespace vdsokit::machine
