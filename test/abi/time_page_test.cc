// SPDX-License-Identifier: BSD-2-Clause
#include "abi/time_page.h"

#include <gtest/gtest.h>

#include <cstring>

namespace vdsokit::abi {
namespace {

constexpr ClockMode all_modes[] = {ClockMode::none, ClockMode::counter, ClockMode::physical_counter,
                                   ClockMode::held, ClockMode::direct,  ClockMode::direct_physical};

TEST(StateWord, FitsTheImmediateOfOneComparisonAndGivesTheModeBack) {
    for (ClockMode const mode : all_modes) {
        u32 const state = state_of(mode);
        EXPECT_LT(state, 1u << 12) << "aarch64: cmp with a 12-bit immediate";
        EXPECT_EQ(state & state_locked, 0u);
        EXPECT_EQ(mode_of(state), mode);
        EXPECT_EQ(mode_of(state | state_locked), mode) << "the lock keeps the mode";
        EXPECT_TRUE(is_line_state(state));
        EXPECT_TRUE(is_line_state(state | state_locked));
    }
}

TEST(StateWord, OfAnotherVersionOrOfNoTimePageIsNotOneOfOurs) {
    struct Case {
        u32 state;
        char const* reason;
    };
    constexpr Case cases[] = {
        {0, "a page of zeros"},
        {0xffff'ffff, "a page of ones"},
        {state_of(ClockMode::counter) + (1 << 4), "the next version"},
        {state_of(ClockMode::counter) - (1 << 4), "version 0"},
        {state_of(ClockMode::counter) ^ (1 << 8), "another magic"},
        {state_of(ClockMode::counter) | (1 << 12), "something above the magic"},
        {state_of(ClockMode::counter) | (1u << 31), "likewise, the top bit"},
    };
    for (Case const& c : cases) {
        EXPECT_FALSE(is_line_state(c.state)) << c.reason;
        EXPECT_FALSE(is_published(c.state)) << c.reason;
    }
}

TEST(StateWord, IsPublishedInEveryModeButNoneLockedOrNot) {
    u64 published = 0;
    for (u64 state = 0; state < (u64{1} << 16); ++state) {
        u32 const word = static_cast<u32>(state);
        bool const expected = is_line_state(word) && mode_of(word) != ClockMode::none;
        ASSERT_EQ(is_published(word), expected) << word;
        published += expected ? 1 : 0;
    }
    EXPECT_EQ(published, 14u) << "seven modes, locked or not";
}

TEST(TimePage, UnpublishedSaysWhoseItIsAndNothingElse) {
    TimePage const page = unpublished_page();
    EXPECT_EQ(page.header.magic, page_magic);
    EXPECT_EQ(std::memcmp(&page.header.magic, "vdsokit", 8), 0) << "readable in a dump";
    EXPECT_EQ(page.header.version, page_version);
    EXPECT_EQ(page.header.line_count, clock_lines);
    EXPECT_EQ(page.header.resolution, 0u) << "0: clock_getres makes the system call";
    EXPECT_EQ(page.header.coarse_resolution, 0u);
    EXPECT_EQ(page.header.timezone_is_set, 0u);
    for (ClockLine const& line : page.clocks) {
        EXPECT_EQ(line.state, state_of(ClockMode::none));
        EXPECT_EQ(line.sequence, 0u);
        EXPECT_EQ(line.mult, 0u);
    }
}

TEST(TimePage, StateAndSequenceAreOneWordWithTheStateBelow) {
    ClockLine line{};
    line.state = 0x1234'5678;
    line.sequence = 0x9abc'def0;
    u64 word;
    std::memcpy(&word, &state_word(line), sizeof(word));
    EXPECT_EQ(word, 0x9abc'def0'1234'5678u);
}

}  // namespace
}  // namespace vdsokit::abi
