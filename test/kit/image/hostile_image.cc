// SPDX-License-Identifier: BSD-2-Clause
#include "test/kit/image/hostile_image.h"

#include <gtest/gtest.h>

#include <random>

#include "kit/image/image.h"
#include "test/kit/image/promises.h"

namespace vdsokit::test {

void examine(TestImage const& image) { ASSERT_EQ(broken_promise(image), ""); }

void examine_truncated(TestImage const& image) {
    for (u64 size = 0; size < image.bytes().size(); ++size) {
        // A buffer of its own, so that the sanitizer sees a read past its end.
        TestImage const cut{std::vector<u8>(image.bytes().data(), image.bytes().data() + size)};
        ASSERT_FALSE(kit::open_image(cut.bytes())) << size;
        ASSERT_NO_FATAL_FAILURE(examine(cut)) << "cut to " << size;
    }
}

void examine_flipped(TestImage const& original) {
    TestImage image = original;
    for (u64 at = 0; at < image.bytes().size(); ++at) {
        u8 const kept = image.get<u8>(at);
        for (u32 bit = 0; bit < 10; ++bit) {
            u32 const changed = bit < 8 ? kept ^ (1u << bit) : bit == 8 ? 0 : 0xff;
            u8 const value = static_cast<u8>(changed);
            image.put(at, value);
            ASSERT_NO_FATAL_FAILURE(examine(image)) << "byte " << at << " = " << int{value};
        }
        image.put(at, kept);
    }
}

void examine_scrambled(TestImage const& original, u64 count, u64 seed) {
    std::mt19937_64 random{seed};
    u64 const values[] = {0,           1,           4095,        4097,    0x7fff'ffff,
                          0x8000'0000, 0xffff'ffff, 0xffff'fff0, ~u64{0}, ~u64{0} - 4095,
                          u64{1} << 63};
    // Where an image says something about itself: the rest is code and zeros.
    u64 const interesting = original.view().elf.header().section_headers + 1024;
    for (u64 turn = 0; turn < count; ++turn) {
        TestImage image = original;
        for (u64 change = random() % 8 + 1; change != 0; --change) {
            u64 const at = random() % interesting & ~u64{3};
            u64 const value = random() % 4 == 0 ? random() : values[random() % std::size(values)];
            if (!image.bytes().holds(at, 8)) continue;
            switch (random() % 3) {
            case 0: image.put(at, value); break;
            case 1: image.put(at, static_cast<u32>(value)); break;
            case 2: image.put(at, static_cast<u16>(value)); break;
            }
        }
        ASSERT_NO_FATAL_FAILURE(examine(image)) << "seed " << seed << ", image " << turn;
    }
}

}  // namespace vdsokit::test
