// SPDX-License-Identifier: BSD-2-Clause
#include "test/hosts/personality/memory/memory_fixture.h"

namespace vdsokit::personality {
namespace {

TEST_F(MemoryTest, APageComesWhenItIsTouchedAndNotBefore) {
    ASSERT_TRUE(map(base, 100, Access::read_write));
    u64 const used = host::fake_host().frames_used;
    u64 const with_table = used + 1;
    EXPECT_EQ(memory.touch({base + 5 * page_size + 7}, Touch::read), TouchResult::present);
    EXPECT_EQ(host::fake_host().frames_used, with_table + 1);
    EXPECT_EQ(memory.touch({base + 5 * page_size}, Touch::write), TouchResult::present);
    EXPECT_EQ(host::fake_host().frames_used, with_table + 1);
    EXPECT_EQ(memory.touch({base + 6 * page_size}, Touch::write), TouchResult::present);
    EXPECT_EQ(host::fake_host().frames_used, with_table + 2);
}

TEST_F(MemoryTest, TouchTellsEveryKindOfFaultApart) {
    ASSERT_TRUE(map(base, 1, Access::read));
    ASSERT_TRUE(map(base + page_size, 1, Access::none));
    ASSERT_TRUE(map(base + 2 * page_size, 1, Access::read_execute));
    ASSERT_TRUE(map(base + 3 * page_size, 1, Access::read_write));
    struct Row {
        u64 address;
        Touch touch;
        TouchResult result;
    };
    Row const rows[] = {
        {base, Touch::read, TouchResult::present},
        {base, Touch::write, TouchResult::not_allowed},
        {base, Touch::execute, TouchResult::not_allowed},
        {base + page_size, Touch::read, TouchResult::not_allowed},
        {base + 2 * page_size, Touch::execute, TouchResult::present},
        {base + 2 * page_size, Touch::read, TouchResult::present},
        {base + 2 * page_size, Touch::write, TouchResult::not_allowed},
        {base + 3 * page_size, Touch::execute, TouchResult::not_allowed},
        {base + 4 * page_size, Touch::read, TouchResult::not_mapped},
        {base - 1, Touch::read, TouchResult::not_mapped},
        {0, Touch::read, TouchResult::not_mapped},
        {process_end - 1, Touch::read, TouchResult::not_mapped},
        {process_end, Touch::read, TouchResult::not_mapped},
        {~u64{0}, Touch::write, TouchResult::not_mapped},
    };
    for (Row const& row : rows) EXPECT_EQ(memory.touch({row.address}, row.touch), row.result);
}

TEST_F(MemoryTest, AfterAForkTheFirstWriterCopiesAndTheLastKeeps) {
    ASSERT_TRUE(map(base, 1, Access::read_write));
    ASSERT_TRUE(memory.store({base}, u64{1}));
    host::Frame const original = frame_at(base);
    Memory* const child = memory.fork();
    ASSERT_NE(child, nullptr);
    EXPECT_EQ(child->space().lookup({base}).frame, original);
    EXPECT_EQ(host::frame_users(original), 2u);

    ASSERT_TRUE(child->store({base}, u64{2}));
    EXPECT_NE(child->space().lookup({base}).frame, original);
    EXPECT_EQ(frame_at(base), original);
    u64 const used = host::fake_host().frames_used;
    ASSERT_TRUE(memory.store({base}, u64{3}));
    EXPECT_EQ(frame_at(base), original) << "its one user left writes in place";
    EXPECT_EQ(host::fake_host().frames_used, used);
    u64 value = 0;
    ASSERT_TRUE(child->load(value, {base}));
    EXPECT_EQ(value, 2u);
    child->release();
}

TEST_F(MemoryTest, CodeIsMadeVisibleBeforeItIsExecutable) {
    ASSERT_TRUE(map(base, 1, Access::read_write));
    ASSERT_TRUE(memory.store({base}, u64{1}));
    u64 const published = host::fake_host().published;
    ASSERT_TRUE(memory.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(host::fake_host().published, published + 1);
    ASSERT_TRUE(memory.protect(base, page_size, Access::read));
    ASSERT_TRUE(memory.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(host::fake_host().published, published + 2);
    ASSERT_TRUE(map(base + page_size, 1, Access::read_execute));
    EXPECT_EQ(memory.touch({base + page_size}, Touch::execute), TouchResult::present);
    EXPECT_EQ(host::fake_host().published, published + 3) << "also what comes as code";
}

TEST_F(MemoryTest, NeighboursThatAreAlikeAreOneRegion) {
    ASSERT_TRUE(map(base, 10, Access::read_write));
    EXPECT_EQ(regions(), 1u);
    ASSERT_TRUE(memory.protect(base + 4 * page_size, page_size, Access::read));
    EXPECT_EQ(regions(), 3u);
    ASSERT_TRUE(memory.protect(base + 4 * page_size, page_size, Access::read_write));
    EXPECT_EQ(regions(), 1u);
    ASSERT_TRUE(map(base + 10 * page_size, 5, Access::read_write));
    EXPECT_EQ(regions(), 1u);
    ASSERT_TRUE(map(base + 15 * page_size, 1, Access::read_write, true));
    EXPECT_EQ(regions(), 2u) << "shared memory is not private memory";
    ASSERT_TRUE(memory.unmap(base + 2 * page_size, page_size));
    EXPECT_EQ(regions(), 3u);
}

TEST_F(MemoryTest, MappingsGoDownFromTheTopIntoTheFirstGapThatFits) {
    memory.set_mapping_top(base);
    MapRequest request;
    request.size = 4 * page_size;
    u64 const first = memory.map(request).value().value;
    EXPECT_EQ(first, base - 4 * page_size);
    request.access = Access::read;
    u64 const second = memory.map(request).value().value;
    EXPECT_EQ(second, first - 4 * page_size);
    ASSERT_TRUE(memory.unmap(first, page_size));
    request.size = page_size;
    EXPECT_EQ(memory.map(request).value().value, first);
    request.size = 2 * page_size;
    EXPECT_EQ(memory.map(request).value().value, second - 2 * page_size);
}

TEST_F(MemoryTest, TheGapBelowTheStackStaysFreeUnlessOrdered) {
    u64 const stack = base + 0x1000'0000;
    memory.set_places({.stack_start = stack, .stack_end = stack + stack_size});
    memory.set_mapping_top(stack - stack_gap);
    MapRequest request;
    request.size = page_size;
    for (u64 const wish : {stack - page_size, stack - stack_gap, stack, stack + stack_size - 1}) {
        request.address = wish;
        EXPECT_NE(memory.map(request).value().value, kit::align_down(wish, page_size));
    }
    request.address = stack - stack_gap - page_size - 0x10000;
    EXPECT_EQ(memory.map(request).value().value, request.address);
    request.address = stack - page_size;
    request.placement = Placement::fixed;
    EXPECT_EQ(memory.map(request).value().value, request.address);
}

TEST_F(MemoryTest, WhatCanNeverComeIsRefusedAtOnce) {
    MapRequest request;
    request.size = (host::fake_host().frames_total + 1) * page_size;
    request.access = Access::read_write;
    EXPECT_EQ(memory.map(request).error(), Errno::nomem);
    request.may_exceed_memory = true;
    EXPECT_TRUE(memory.map(request)) << "MAP_NORESERVE says that it will not all be used";
    request.may_exceed_memory = false;
    request.access = Access::none;
    EXPECT_TRUE(memory.map(request)) << "a reservation takes no memory";
    request.size = process_end;
    EXPECT_EQ(memory.map(request).error(), Errno::nomem);
    request.size = ~u64{0};
    EXPECT_EQ(memory.map(request).error(), Errno::nomem);
}

TEST_F(MemoryTest, RegionsHaveALimitAndReachingItLosesNothing) {
    ASSERT_TRUE(map(base, 2 * region_limit, Access::none));
    u64 split = 0;
    Attempt<Nothing> result = Nothing{};
    for (; split < region_limit && result; ++split)
        result = memory.protect(base + 2 * split * page_size, page_size, Access::read);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), Errno::nomem);
    EXPECT_GE(regions(), region_limit - 1);
    EXPECT_TRUE(memory.unmap(base, 2 * region_limit * page_size));
    EXPECT_EQ(regions(), 0u);
}

TEST_F(MemoryTest, CopiesStopAtTheFirstByteThatIsNotThere) {
    ASSERT_TRUE(map(base, 2, Access::read_write));
    u8 bytes[3 * page_size] = {};
    EXPECT_TRUE(memory.copy_in(bytes, {base + 1}, 2 * page_size - 1));
    EXPECT_FALSE(memory.copy_in(bytes, {base + 1}, 2 * page_size));
    EXPECT_FALSE(memory.copy_out({base + 1}, bytes, 2 * page_size));
    EXPECT_TRUE(memory.copy_in(bytes, {0}, 0)) << "nothing is never a fault";
    EXPECT_TRUE(memory.copy_in(bytes, {~u64{0}}, 0));
    EXPECT_FALSE(memory.copy_in(bytes, {~u64{0}}, 1));
    EXPECT_FALSE(memory.copy_in(bytes, {process_end - 1}, 2));
    ASSERT_TRUE(memory.protect(base, page_size, Access::read));
    EXPECT_FALSE(memory.copy_out({base}, bytes, 1));
    EXPECT_TRUE(memory.copy_out({base + page_size}, bytes, 1));
}

TEST_F(MemoryTest, AStringIsReadUpToItsNulAndNoFurther) {
    ASSERT_TRUE(map(base, 1, Access::read_write));
    char const text[] = "path";
    u64 const at_end = base + page_size - sizeof(text);
    ASSERT_TRUE(memory.copy_out({at_end}, text, sizeof(text)));
    char to[64];
    EXPECT_EQ(memory.copy_string_in(to, {at_end}, sizeof(to)), 4) << "the next page is not needed";
    EXPECT_STREQ(to, "path");
    EXPECT_EQ(memory.copy_string_in(to, {at_end}, 5), 4);
    EXPECT_EQ(memory.copy_string_in(to, {at_end}, 4), -static_cast<i64>(Errno::nametoolong));
    ASSERT_TRUE(memory.store({base + page_size - 1}, 'x'));
    EXPECT_EQ(memory.copy_string_in(to, {at_end}, sizeof(to)), -static_cast<i64>(Errno::fault));
    EXPECT_EQ(memory.copy_string_in(to, {0}, sizeof(to)), -static_cast<i64>(Errno::fault));
    EXPECT_EQ(memory.copy_string_in(to, {~u64{0}}, sizeof(to)), -static_cast<i64>(Errno::fault));
    ASSERT_TRUE(map(process_end - page_size, 1, Access::read_write));
    ASSERT_TRUE(memory.store({process_end - 1}, 'x'));
    EXPECT_EQ(memory.copy_string_in(to, {process_end - 1}, 64), -static_cast<i64>(Errno::fault))
        << "addresses end before a NUL comes";
}

TEST_F(MemoryTest, AWordHasOneKeyInAllProcessesThatShareIt) {
    ASSERT_TRUE(map(base, 1, Access::read_write));
    ASSERT_TRUE(map(base + page_size, 1, Access::read_write, true));
    Memory* const child = memory.fork();
    ASSERT_NE(child, nullptr);
    WaitKey mine, theirs;
    ASSERT_TRUE(memory.word_key({base + 8}, mine) && child->word_key({base + 8}, theirs));
    EXPECT_FALSE(mine == theirs);
    ASSERT_TRUE(memory.word_key({base + page_size + 8}, mine));
    ASSERT_TRUE(child->word_key({base + page_size + 8}, theirs));
    EXPECT_TRUE(mine == theirs);
    ASSERT_TRUE(child->word_key({base + page_size + 12}, theirs));
    EXPECT_FALSE(mine == theirs);
    EXPECT_FALSE(memory.word_key({base + 2 * page_size}, mine));
    child->release();
}

TEST_F(MemoryTest, TheBreakMovesByBytesAndItsPagesByPages) {
    memory.set_heap(base + 100);
    EXPECT_EQ(memory.set_break(0), base + 100);
    EXPECT_EQ(memory.set_break(base + 200), base + 200);
    EXPECT_EQ(memory.touch({base + page_size}, Touch::read), TouchResult::not_mapped);
    EXPECT_EQ(memory.set_break(base + page_size + 1), base + page_size + 1);
    EXPECT_EQ(memory.touch({base + page_size}, Touch::write), TouchResult::present);
    ASSERT_TRUE(map(base + 4 * page_size, 1, Access::read));
    EXPECT_EQ(memory.set_break(base + 4 * page_size + 1), base + page_size + 1) << "in the way";
    EXPECT_EQ(memory.set_break(base + 4 * page_size), base + 4 * page_size);
    EXPECT_EQ(memory.set_break(base + 99), base + 4 * page_size) << "below its start";
    EXPECT_EQ(memory.set_break(~u64{0}), base + 4 * page_size);
    EXPECT_EQ(memory.set_break(base + 100), base + 100);
    EXPECT_EQ(regions(), 1u);
}

TEST_F(MemoryTest, MapsListsRegionsAsLinuxDoes) {
    memory.set_heap(base);
    ASSERT_EQ(memory.set_break(base + page_size), base + page_size);
    ASSERT_TRUE(map(0x7fff'0000'0000, 1, Access::read_execute));
    ASSERT_TRUE(map(0x7fff'0000'1000, 2, Access::none, true));
    EXPECT_EQ(maps(),
              "20000000-20001000 rw-p 00000000 00:00 0 "
              "                                 [heap]\n"
              "7fff00000000-7fff00001000 r-xp 00000000 00:00 0\n"
              "7fff00001000-7fff00003000 ---s 00000000 00:00 0 "
              "                         /dev/zero (deleted)\n");
}

TEST_F(MemoryTest, RunningOutAtAnyFrameIsAnAnswerAndLosesNothing) {
    ASSERT_TRUE(map(base, 8, Access::read_write));
    for (u64 i = 0; i < 8; ++i) ASSERT_TRUE(memory.store({base + i * page_size}, u64{i}));
    ASSERT_TRUE(map(base + 16 * page_size, 4, Access::read_write, true));
    u64 const used = host::fake_host().frames_used;
    bool succeeded = false;
    for (u64 spare = 0; spare < 40 && !succeeded; ++spare) {
        host::fake_host().frames_total = used + spare;
        Memory* const child = memory.fork();
        bool wrote = child != nullptr;
        for (u64 i = 0; wrote && i < 8; ++i)
            wrote = child->store({base + i * page_size}, u64{100 + i});
        bool const touched =
            wrote && child->touch({base + 16 * page_size}, Touch::write) == TouchResult::present;
        succeeded = touched;
        if (child != nullptr) child->release();
        for (u64 i = 0; i < 8; ++i) {
            u64 value = 0;
            ASSERT_TRUE(memory.load(value, {base + i * page_size}));
            EXPECT_EQ(value, i) << spare;
        }
    }
    host::fake_host().frames_total = 4096;
    EXPECT_TRUE(succeeded);
    EXPECT_LE(host::fake_host().frames_used, used + 2) << "the shared page, and a list of such";
}

}  // namespace
}  // namespace vdsokit::personality
