// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/memory/range_set.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace vdsokit::virt {
namespace {

std::vector<Range> ranges(RangeSet const& set) { return {set.begin(), set.end()}; }

TEST(RangeSet, only_whole_pages_are_added_and_every_page_touched_is_removed) {
    RangeSet set;
    ASSERT_TRUE(set.add({0x10800, 0x10000}));
    EXPECT_EQ(ranges(set), (std::vector<Range>{{0x11000, 0xf000}}));
    ASSERT_TRUE(set.remove({0x12fff, 2}));
    EXPECT_EQ(ranges(set), (std::vector<Range>{{0x11000, 0x1000}, {0x14000, 0xc000}}));
    ASSERT_TRUE(set.remove({0x14000, 0}));  // nothing touches no page
    EXPECT_EQ(ranges(set).size(), 2u);
    ASSERT_TRUE(set.remove({0, 0x100000}));
    EXPECT_TRUE(ranges(set).empty());
}

TEST(RangeSet, less_than_a_page_adds_nothing) {
    RangeSet set;
    ASSERT_TRUE(set.add({0x1001, 0x1ffe}));
    EXPECT_TRUE(ranges(set).empty());
}

TEST(RangeSet, memory_that_is_named_twice_is_there_once) {
    RangeSet set;
    ASSERT_TRUE(set.add({0x10000, 0x4000}));
    ASSERT_TRUE(set.add({0x12000, 0x4000}));
    u64 pages = 0;
    for (Range const& range : set) pages += range.size / page_bytes;
    EXPECT_EQ(pages, 6u);
}

TEST(RangeSet, too_many_pieces_are_refused_and_nothing_is_lost) {
    RangeSet set;
    ASSERT_TRUE(set.add({0, 1000 * page_bytes}));
    u64 holes = 0;
    while (set.remove({(2 * holes + 1) * page_bytes, page_bytes})) ++holes;
    EXPECT_EQ(holes, RangeSet::capacity - 1);
    EXPECT_EQ(ranges(set).size(), RangeSet::capacity);
}

// Against a set of page numbers, over many sequences of pseudo-random changes.
TEST(RangeSet, any_sequence_of_changes_leaves_the_pages_of_a_plain_set) {
    u64 random = 1;
    auto const next = [&](u64 below) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        return (random >> 33) % below;
    };
    for (int round = 0; round < 200; ++round) {
        RangeSet set;
        std::set<u64> model;
        for (int step = 0; step < 20; ++step) {
            Range const range{next(64 * page_bytes), next(16 * page_bytes)};
            bool const adds = next(2) == 0;
            ASSERT_TRUE(adds ? set.add(range) : set.remove(range));
            for (u64 page = 0; page < 100; ++page) {
                u64 const begin = page * page_bytes;
                u64 const end = begin + page_bytes;
                if (adds && range.base <= begin && end <= range.end()) model.insert(page);
                if (!adds && range.size != 0 && range.base < end && begin < range.end())
                    model.erase(page);
            }
        }
        std::set<u64> have;
        for (Range const& range : set)
            for (u64 at = range.base; at < range.end(); at += page_bytes)
                ASSERT_TRUE(have.insert(at / page_bytes).second);
        ASSERT_EQ(have, model);
    }
}

}  // namespace
}  // namespace vdsokit::virt
