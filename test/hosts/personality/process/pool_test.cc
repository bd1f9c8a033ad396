// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

namespace vdsokit::personality {
namespace {

struct Small {
    explicit Small(u64 given) : value(given) {}
    u64 value;
};
struct alignas(64) Aligned {
    u8 bytes[100];
};
struct Large {
    u8 bytes[4000];
};

TEST(Pool, GivesDistinctObjectsAndKeepsWhatTheyHold) {
    Pool<Small> pool;
    std::vector<Small*> made;
    for (u64 i = 0; i < 10'000; ++i) made.push_back(pool.make(i));
    EXPECT_EQ(std::set<Small*>(made.begin(), made.end()).size(), 10'000u);
    for (u64 i = 0; i < 10'000; ++i) EXPECT_EQ(made[i]->value, i);
    for (Small* const one : made) pool.free(one);
    EXPECT_EQ(host::fake_host().frames_used, 0u);
}

TEST(Pool, GivesEachEmptyFrameBackAndFillsGapsFirst) {
    Pool<Large> pool;
    Large* const a = pool.make();
    Large* const b = pool.make();
    EXPECT_EQ(host::fake_host().frames_used, 2u);
    pool.free(a);
    EXPECT_EQ(host::fake_host().frames_used, 1u);
    pool.free(b);
    EXPECT_EQ(host::fake_host().frames_used, 0u);

    Pool<Small> small;
    std::vector<Small*> made;
    while (host::fake_host().frames_used < 3) made.push_back(small.make(0u));
    Small* const hole = made[5];
    small.free(hole);
    EXPECT_EQ(small.make(1u), hole);
    for (Small* const one : made) small.free(one);
    EXPECT_EQ(host::fake_host().frames_used, 0u);
}

TEST(Pool, RespectsAlignment) {
    Pool<Aligned> pool;
    std::vector<Aligned*> made;
    for (u32 i = 0; i < 100; ++i) {
        made.push_back(pool.make());
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(made.back()) % 64, 0u);
    }
    for (Aligned* const one : made) pool.free(one);
}

TEST(Pool, SaysNoWhenMemoryIsOut) {
    Pool<Large> pool;
    host::fake_host().frames_total = 1;
    Large* const only = pool.make();
    ASSERT_NE(only, nullptr);
    EXPECT_EQ(pool.make(), nullptr);
    pool.free(only);
    Large* const again = pool.make();
    EXPECT_NE(again, nullptr);
    pool.free(again);
}

}  // namespace
}  // namespace vdsokit::personality
