// SPDX-License-Identifier: BSD-2-Clause
// MAP_DROPPABLE: gone before anybody is refused a page, never in a child, zero when looked at again.
#include <gtest/gtest.h>

#include "host.h"

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {
namespace {

constexpr u64 base = 0x2000'0000;

class DroppableTest : public testing::Test {
protected:
    DroppableTest() : before_(host::fake_host().frames_used), memory(*Memory::create()) {}
    ~DroppableTest() override {
        host::fake_host().frames_total = 4096;
        memory.release();
        EXPECT_EQ(host::fake_host().frames_used, before_);
    }

    static bool map(Memory& in, u64 start, u64 pages, bool is_droppable) {
        MapRequest request;
        request.address = start;
        request.size = pages * page_size;
        request.access = Access::read_write;
        request.placement = Placement::fixed;
        request.is_droppable = is_droppable;
        return static_cast<bool>(in.map(request));
    }
    static u64 word(Memory& in, u64 at) {
        u64 value = ~u64{0};
        EXPECT_TRUE(in.load(value, {at}));
        return value;
    }
    // Not one frame is left.
    static void take_all_frames() {
        host::fake_host().frames_total = host::fake_host().frames_used;
    }

    u64 before_;
    Memory& memory;
};

TEST_F(DroppableTest, WhoeverNeedsAPageGetsTheirs) {
    ASSERT_TRUE(map(memory, base, 3, true));
    ASSERT_TRUE(map(memory, base + 16 * page_size, 8, false));
    for (u64 page = 0; page < 3; ++page)
        ASSERT_TRUE(memory.store({base + page * page_size}, u64{7}));
    ASSERT_TRUE(memory.store({base + 16 * page_size}, u64{9}));
    take_all_frames();
    // Three pages are dropped at once, and three come.
    for (u64 page = 17; page < 20; ++page)
        EXPECT_EQ(memory.touch({base + page * page_size}, Touch::write), TouchResult::present);
    EXPECT_EQ(memory.touch({base + 20 * page_size}, Touch::write), TouchResult::out_of_memory);
    EXPECT_EQ(word(memory, base + 16 * page_size), 9u) << "others keep theirs";
    host::fake_host().frames_total = 4096;
    for (u64 page = 0; page < 3; ++page) EXPECT_EQ(word(memory, base + page * page_size), 0u);
}

TEST_F(DroppableTest, AnotherProcessesPagesAreDroppedToo) {
    Memory& other = *Memory::create();
    ASSERT_TRUE(map(other, base, 1, true));
    ASSERT_TRUE(other.store({base}, u64{7}));
    ASSERT_TRUE(map(memory, base, 3, false));
    ASSERT_TRUE(memory.store({base}, u64{9}));
    take_all_frames();
    EXPECT_EQ(memory.touch({base + page_size}, Touch::write), TouchResult::present);
    host::fake_host().frames_total = 4096;
    EXPECT_EQ(word(other, base), 0u);
    other.release();
    take_all_frames();
    EXPECT_EQ(memory.touch({base + 2 * page_size}, Touch::write), TouchResult::out_of_memory);
}

TEST_F(DroppableTest, AChildHasTheMappingAndNothingInIt) {
    ASSERT_TRUE(map(memory, base, 2, true));
    ASSERT_TRUE(memory.store({base}, u64{7}));
    Memory* const child = memory.fork();
    ASSERT_NE(child, nullptr);
    EXPECT_FALSE(child->is_resident(base));
    EXPECT_EQ(word(*child, base), 0u);
    EXPECT_EQ(word(memory, base), 7u);
    ASSERT_TRUE(child->store({base}, u64{8}));
    // The child's can be dropped as well.
    ASSERT_TRUE(map(*child, base + 16 * page_size, 1, false));
    EXPECT_EQ(child->touch({base + 16 * page_size}, Touch::write), TouchResult::present);
    take_all_frames();
    EXPECT_EQ(child->touch({base + page_size}, Touch::write), TouchResult::present);
    host::fake_host().frames_total = 4096;
    EXPECT_EQ(word(*child, base), 0u);
    child->release();
}

TEST_F(DroppableTest, WhatIsDroppableStaysSoWhateverIsAdvisedForAFork) {
    ASSERT_TRUE(map(memory, base, 2, true));
    ASSERT_TRUE(memory.set_fork_rule(base, page_size, ForkRule::omit));
    ASSERT_TRUE(memory.set_fork_rule(base, page_size, ForkRule::copy));
    ASSERT_TRUE(memory.store({base}, u64{7}));
    Memory* const child = memory.fork();
    ASSERT_NE(child, nullptr);
    EXPECT_EQ(word(*child, base), 0u);
    child->release();
    EXPECT_EQ(memory.region_above(base)->end, base + 2 * page_size) << "one region again";
    ASSERT_TRUE(map(memory, base + 2 * page_size, 1, false));
    EXPECT_EQ(memory.region_above(base)->end, base + 2 * page_size) << "and not the neighbour's";
}

}  // namespace
}  // namespace vdsokit::personality
