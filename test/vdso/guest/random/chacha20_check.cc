// SPDX-License-Identifier: BSD-2-Clause
// chacha20-check TEST: this CPU's block function, as the image has it. Silent and status 0, or one
// line that says what was wrong.
//   vectors   the test vectors of RFC 8439
//   blocks    any number of blocks, alignment and counter agrees with the RFC's own way
//   secrets   neither key nor state is left on the stack or in a register
#include <cstring>
#include <vector>

#include "test/support/chacha20.h"
#include "test/vdso/guest/mapped_image.h"
#include "test/vdso/guest/random/secrets.h"
#include "vdso/chacha20.h"

namespace vdsokit::test {
namespace {

using vdso::vdsokit_chacha20_blocks;

struct Vector {
    u8 key_at;  // one byte of the key is not zero: this one
    u8 key_byte;
    u64 counter;
    char const* keystream;
};

// [RFC 8439, A.1: vectors 1 to 4, whose nonce is zero]
constexpr Vector vectors[] = {
    {0, 0, 0,
     "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
     "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"},
    {0, 0, 1,
     "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
     "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"},
    {31, 1, 1,
     "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
     "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0"},
    {1, 0xff, 2,
     "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca"
     "13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096"},
};

u8 nibble(char digit) { return static_cast<u8>(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

void check_vectors() {
    for (Vector const& vector : vectors) {
        u8 key[32] = {};
        key[vector.key_at] = vector.key_byte;
        u8 block[64];
        vdsokit_chacha20_blocks(block, key, vector.counter, 1);
        for (u64 at = 0; at < 64; ++at) {
            u8 const expected = static_cast<u8>(nibble(vector.keystream[2 * at]) << 4 |
                                                nibble(vector.keystream[2 * at + 1]));
            if (block[at] != expected)
                fail("vector %ld: byte %lu is %#x", static_cast<long>(&vector - vectors),
                     static_cast<unsigned long>(at), block[at]);
        }
    }
    // The comparison's own: section 2.3.2, with a nonce.
    u8 key[32];
    for (u8 i = 0; i < 32; ++i) key[i] = i;
    u8 block[64];
    chacha20_block(block, key, {1, 0x0900'0000, 0x4a00'0000, 0});
    u8 const expected[8] = {0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15};
    if (std::memcmp(block, expected, sizeof(expected)) != 0) fail("the comparison itself is wrong");
}

void fill_key(u8* key, u64 seed) {
    for (u64 i = 0; i < 32; ++i) key[i] = static_cast<u8>((seed + 1) * 167 + i * 29 + (i * i >> 2));
}

void check_blocks() {
    constexpr u64 counters[] = {0, 1, 7, 0xffff'fffe, 0xffff'ffff, u64{5} << 32, ~u64{0}};
    for (u64 const counter : counters) {
        for (u64 blocks = 0; blocks <= 130; blocks += blocks < 9 ? 1 : 11) {
            u64 const shift = (counter + blocks) % 16;
            std::vector<u8> bytes(blocks * 64 + 32, 0xcc);
            std::vector<u8> expected(blocks * 64 + 32, 0xcc);
            alignas(16) u8 place[48];
            fill_key(place + shift, blocks);
            vdsokit_chacha20_blocks(bytes.data() + shift, place + shift, counter, blocks);
            chacha20_blocks(expected.data() + shift, place + shift, counter, blocks);
            if (bytes != expected)
                fail("%lu blocks from %#lx differ", static_cast<unsigned long>(blocks),
                     static_cast<unsigned long>(counter));
        }
    }
    // The key is the end of what is written, as in a state.
    u8 state[128] = {};
    fill_key(state + 96, 3);
    u8 expected[128];
    chacha20_blocks(expected, state + 96, 9, 2);
    vdsokit_chacha20_blocks(state, state + 96, 9, 2);
    if (std::memcmp(state, expected, sizeof(state)) != 0) fail("the key was read too late");
}

void check_secrets() {
    for (u64 blocks = 1; blocks <= 5; ++blocks) {
        u8 key[32];
        fill_key(key, blocks);
        std::vector<u8> bytes(blocks * 64);
        call_and_keep(
            reinterpret_cast<void const*>(&vdsokit_chacha20_blocks),
            {reinterpret_cast<u64>(bytes.data()), reinterpret_cast<u64>(key), 77, blocks, 0});
        if (stack_used() == 0) fail("the stack was not seen");
        expect_gone({key, sizeof(key)}, "the key");
        expect_gone({bytes.data(), bytes.size()}, "a block");
        // The permuted state: a block less what the state began with.
        for (u64 at = 0; at + 64 <= bytes.size(); at += 64) {
            u32 words[8];
            u32 keys[8];
            std::memcpy(words, bytes.data() + at + 16, sizeof(words));
            std::memcpy(keys, key, sizeof(keys));
            for (u64 i = 0; i < 8; ++i) words[i] -= keys[i];
            expect_gone({reinterpret_cast<u8 const*>(words), sizeof(words)}, "the state");
        }
    }
}

}  // namespace
}  // namespace vdsokit::test

int main(int argc, char** argv) {
    using namespace vdsokit::test;
    if (argc != 2) fail("usage: chacha20-check TEST");
    if (std::strcmp(argv[1], "vectors") == 0) return check_vectors(), 0;
    if (std::strcmp(argv[1], "blocks") == 0) return check_blocks(), 0;
    if (std::strcmp(argv[1], "secrets") == 0) return check_secrets(), 0;
    fail("no test %s", argv[1]);
}
