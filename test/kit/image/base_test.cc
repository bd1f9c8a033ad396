// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/base.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace vdsokit::test {
namespace {

TEST(ChooseBase, the_lowest_and_the_highest_place_are_reached_and_none_outside) {
    struct Row {
        kit::BaseRange range;
        u64 size;
        u64 alignment;
        u64 entropy;
        u64 expect;  // 0: out of range
        char const* reason;
    };
    constexpr u64 all = ~u64{0};
    Row const rows[] = {
        {{{0x10000}, 0x10000}, 0x2000, 0x1000, 0, 0x10000, "entropy 0 is the lowest place"},
        {{{0x10000}, 0x10000}, 0x2000, 0x1000, all, 0x1e000, "all ones is the highest"},
        {{{0x10001}, 0x10000}, 0x2000, 0x1000, 0, 0x11000, "the range begins inside a page"},
        {{{0x10001}, 0x10000}, 0x2000, 0x1000, all, 0x1e000, "and ends inside one"},
        {{{0x10000}, 0x2000}, 0x2000, 0x1000, all, 0x10000, "one place only"},
        {{{0x10000}, 0x40000}, 0x20000, 0x10000, all, 0x30000, "large pages"},
        {{{0x10000}, 0x1fff}, 0x2000, 0x1000, 0, 0, "a byte too small"},
        {{{0x10001}, 0x2000}, 0x2000, 0x1000, 0, 0, "too small once aligned"},
        {{{all - 0xfff}, 0x1000}, 0x1000, 0x1000, 0, 0, "the end of the range wraps"},
        {{{all - 1}, 0}, 0x1000, 0x1000, 0, 0, "aligning wraps"},
        {{{0x10000}, 0x10000}, 0, 0x1000, 0, 0, "nothing to place"},
        {{{0x10000}, 0x10000}, 0x2000, 0x1800, 0, 0, "no alignment"},
        {{{0x10000}, 0x10000}, 0x2000, 0, 0, 0, "alignment 0"},
    };
    for (Row const& row : rows) {
        SCOPED_TRACE(row.reason);
        auto const base = kit::choose_base(row.range, row.size, row.alignment, row.entropy);
        if (row.expect == 0) {
            ASSERT_FALSE(base);
            EXPECT_EQ(base.error(), kit::MapError::out_of_range);
        } else {
            ASSERT_TRUE(base);
            EXPECT_EQ(base.value().value, row.expect);
        }
    }
}

TEST(ChooseBase, every_place_is_chosen_about_as_often_as_the_next) {
    std::mt19937_64 random{1};
    std::map<u64, int> seen;
    for (int turn = 0; turn < 15'000; ++turn)
        ++seen[kit::choose_base({{0x10000}, 0x10000}, 0x2000, 0x1000, random()).value().value];
    EXPECT_EQ(seen.size(), 15u);
    for (auto const& [base, count] : seen) {
        EXPECT_GT(count, 850) << base;
        EXPECT_LT(count, 1150) << base;
    }
}

}  // namespace
}  // namespace vdsokit::test
