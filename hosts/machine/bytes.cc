// SPDX-License-Identifier: BSD-2-Clause
// The four functions that a compiler may call by name. Words first: pages are copied and cleared
// with them. Memory is ordinary and unaligned accesses are allowed.
#include "arch/types.h"

namespace {

using vdsokit::u64;
using vdsokit::u8;

constexpr u64 word = sizeof(u64);
constexpr u64 chunk = 8 * word;

struct Chunk {
    u64 words[8];
};

void copy_chunk(u8* to, u8 const* from) {
    Chunk bytes;
    __builtin_memcpy(&bytes, from, chunk);
    __builtin_memcpy(to, &bytes, chunk);
}

void copy_word(u8* to, u8 const* from) {
    u64 bytes;
    __builtin_memcpy(&bytes, from, word);
    __builtin_memcpy(to, &bytes, word);
}

}  // namespace

extern "C" {

void* memcpy(void* to, void const* from, std::size_t size) {
    u8* out = static_cast<u8*>(to);
    u8 const* in = static_cast<u8 const*>(from);
    for (; size >= chunk; size -= chunk, out += chunk, in += chunk) copy_chunk(out, in);
    for (; size >= word; size -= word, out += word, in += word) copy_word(out, in);
    for (; size != 0; --size) *out++ = *in++;
    return to;
}

void* memmove(void* to, void const* from, std::size_t size) {
    u8* const out = static_cast<u8*>(to);
    u8 const* const in = static_cast<u8 const*>(from);
    // Forwards is right unless the target begins inside the source.
    u64 const ahead = reinterpret_cast<u64>(out) - reinterpret_cast<u64>(in);
    if (ahead >= size) return memcpy(to, from, size);
    while (size % word != 0) {
        --size;
        out[size] = in[size];
    }
    while (size != 0) {
        size -= word;
        copy_word(out + size, in + size);
    }
    return to;
}

void* memset(void* to, int value, std::size_t size) {
    u8* out = static_cast<u8*>(to);
    u8 const byte = static_cast<u8>(value);
    u64 const bytes = byte * u64{0x0101'0101'0101'0101};
    for (; size >= word; size -= word, out += word) __builtin_memcpy(out, &bytes, word);
    for (; size != 0; --size) *out++ = byte;
    return to;
}

int memcmp(void const* a, void const* b, std::size_t size) {
    u8 const* left = static_cast<u8 const*>(a);
    u8 const* right = static_cast<u8 const*>(b);
    for (; size >= word; size -= word, left += word, right += word) {
        u64 x;
        u64 y;
        __builtin_memcpy(&x, left, word);
        __builtin_memcpy(&y, right, word);
        if (x != y) break;
    }
    for (; size != 0; --size, ++left, ++right)
        if (*left != *right) return *left - *right;
    return 0;
}

}  // extern "C"
