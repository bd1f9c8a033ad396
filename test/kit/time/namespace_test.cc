// SPDX-License-Identifier: BSD-2-Clause
// Groups of processes with clocks of their own: one page more each, the same code for readers.
#include <gtest/gtest.h>

#include <cstring>

#include "host.h"
#include "kit/time/instant.h"
#include "kit/vdsokit.h"

namespace vdsokit::test {
namespace {

using kit::NamespaceOffsets;
using kit::TimeError;
using kit::TimeNamespace;

constexpr NamespaceOffsets ahead{.monotonic = {1000, 250'000'000}, .boottime = {-3, 1}};

bool has_offset(ClockId clock) {
    return clock == ClockId::monotonic || clock == ClockId::monotonic_raw ||
           clock == ClockId::monotonic_coarse;
}

// The host's reading of that moment and the group's offset.
Timespec expected(Host const& host, ClockId clock, NamespaceOffsets const& offsets) {
    abi::Instant now = host.keeper.instant(clock).value();
    if (has_offset(clock)) now = kit::sum(now, kit::instant_of(offsets.monotonic));
    if (clock == ClockId::boottime) now = kit::sum(now, kit::instant_of(offsets.boottime));
    return kit::timespec_of(now);
}

struct TimeNamespaceTest : testing::Test {
    TimeNamespaceTest() : host({.tick_nanoseconds = 4'000'000, .monotonic = {50, 0}}) {
        EXPECT_TRUE(host.keeper.open(group, page, ahead));
    }

    void expect_agreement() {
        for (ClockId const clock : all_clocks) {
            EXPECT_EQ(read_page(page, clock), expected(host, clock, ahead))
                << static_cast<u32>(clock);
            EXPECT_EQ(host.keeper.read(clock, group).value(), expected(host, clock, ahead));
            EXPECT_EQ(host.vdso(clock), host.call(clock)) << "the host's own is as it was";
        }
    }

    Host host;
    abi::TimePage page = abi::unpublished_page();
    TimeNamespace group;
};

TEST_F(TimeNamespaceTest, MonotonicAndBoottimeAreAheadAndTheOthersAreNot) {
    Host::pass_nanoseconds(123'456'789);
    expect_agreement();
    EXPECT_EQ(read_page(page, ClockId::monotonic)->seconds, 1050);
    EXPECT_EQ(read_page(page, ClockId::boottime)->seconds, 47);
}

TEST_F(TimeNamespaceTest, WhateverMovesTheHostsClocksMovesTheGroups) {
    for (int round = 0; round < 50; ++round) {
        Host::pass_nanoseconds(1'000'000'007);
        switch (round % 7) {
        case 0: host.keeper.tick(); break;
        case 1: EXPECT_TRUE(host.keeper.step_realtime({1'800'000'000 + round, 5})); break;
        case 2: EXPECT_TRUE(host.keeper.slew_frequency({round * 1000 - 20'000})); break;
        case 3: EXPECT_TRUE(host.keeper.slew_offset({i64{round} * 100'000})); break;
        case 4: EXPECT_TRUE(host.keeper.add_suspend({7'000'000'000})); break;
        case 5: EXPECT_TRUE(host.keeper.change_clocksource({2'000'000'000 + u64{1}, 64})); break;
        case 6: EXPECT_TRUE(host.keeper.set_timezone({-60, 1})); break;
        }
        expect_agreement();
    }
    EXPECT_EQ(page.header.timezone_minutes_west, -60);
    EXPECT_EQ(page.header.resolution, host.page.header.resolution);
    EXPECT_EQ(page.header.coarse_resolution, host.page.header.coarse_resolution);
}

TEST_F(TimeNamespaceTest, AWithdrawalReachesEveryPageAndSoDoesTheReturn) {
    host.keeper.withdraw();
    for (ClockId const clock : all_clocks) EXPECT_EQ(read_page(page, clock), std::nullopt);
    host.keeper.publish();
    expect_agreement();
}

// Both pages are locked before the counter is read, or one group could be past the other's line.
TEST_F(TimeNamespaceTest, EveryPageIsLockedBeforeTheCounterIsRead) {
    static abi::TimePage* pages[2];
    static int reads;
    pages[0] = &host.page;
    pages[1] = &page;
    reads = 0;
    arch::fake.hook = [](arch::Step step) {
        if (step != arch::Step::before_counter) return;
        ++reads;
        for (abi::TimePage* const at : pages)
            EXPECT_NE(at->clocks[1].state & abi::state_locked, 0u);
    };
    EXPECT_TRUE(host.keeper.step_realtime({1'800'000'000, 0}));
    arch::fake.hook = nullptr;
    EXPECT_EQ(reads, 1);
}

TEST_F(TimeNamespaceTest, ManyGroupsEachHaveTheirOwn) {
    TimeNamespace more[5];
    abi::TimePage pages[5];
    for (int i = 0; i < 5; ++i) {
        pages[i] = abi::unpublished_page();
        ASSERT_TRUE(
            host.keeper.open(more[i], pages[i], {.monotonic = {i64{i} * 10, 0}, .boottime = {}}));
    }
    Host::pass_nanoseconds(500);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(read_page(pages[i], ClockId::monotonic)->seconds, 50 + i * 10);
    host.keeper.close(more[2]);
    EXPECT_EQ(read_page(pages[2], ClockId::monotonic), std::nullopt);
    host.keeper.tick();
    for (int i : {0, 1, 3, 4}) EXPECT_TRUE(read_page(pages[i], ClockId::monotonic_coarse)) << i;
    EXPECT_EQ(read_page(pages[2], ClockId::monotonic_coarse), std::nullopt);
    host.keeper.close(more[2]);
    expect_agreement();
    EXPECT_TRUE(host.keeper.open(more[2], pages[2], ahead));
}

struct RefusedRow {
    NamespaceOffsets offsets;
    TimeError error;
    char const* reason;
};

TEST_F(TimeNamespaceTest, AnOffsetThatNoClockCanHaveIsRefused) {
    TimeNamespace other;
    abi::TimePage its = abi::unpublished_page();
    RefusedRow const rows[] = {
        {{.monotonic = {-51, 0}, .boottime = {}}, TimeError::time_out_of_range, "before 0"},
        {{.monotonic = {}, .boottime = {-51, 0}}, TimeError::time_out_of_range, "before 0"},
        {{.monotonic = {kit::time_limit_seconds, 0}, .boottime = {}},
         TimeError::time_out_of_range,
         "past what Linux can represent"},
        {{.monotonic = {}, .boottime = {kit::time_limit_seconds / 2 - 49, 0}},
         TimeError::time_out_of_range,
         "half of it is left to the clock"},
        {{.monotonic = {0, 1'000'000'000}, .boottime = {}},
         TimeError::nanoseconds_out_of_range,
         "not normal"},
    };
    for (RefusedRow const& row : rows) {
        auto const opened = host.keeper.open(other, its, row.offsets);
        ASSERT_FALSE(opened) << row.reason;
        EXPECT_EQ(opened.error(), row.error) << row.reason;
        EXPECT_FALSE(other.is_open());
    }
    EXPECT_EQ(host.keeper.open(group, its, ahead).error(), TimeError::already_started);
    EXPECT_TRUE(host.keeper.open(other, its, {.monotonic = {-50, 1}, .boottime = {-50, 0}}));
}

TEST(TimeNamespace, NothingOpensBeforeTheClocksStart) {
    arch::fake = {};
    kit::Timekeeper keeper;
    TimeNamespace group;
    abi::TimePage page = abi::unpublished_page();
    EXPECT_EQ(keeper.open(group, page, {}).error(), TimeError::not_started);
}

TEST(TimeNamespace, TheCInterfaceReachesIt) {
    Host host({.monotonic = {50, 0}});
    vdsokit_timekeeper keeper{};
    abi::TimePage own = abi::unpublished_page();
    abi::TimePage page = abi::unpublished_page();
    vdsokit_timekeeper_init(&keeper);
    vdsokit_time_start const with{
        {2'000'000'000, 64, vdsokit_counter_virtual}, {1'700'000'000, 0, 0}, {50, 0, 0}, 0};
    ASSERT_EQ(vdsokit_timekeeper_attach(&keeper, &own), vdsokit_ok);
    ASSERT_EQ(vdsokit_timekeeper_start(&keeper, &with), vdsokit_ok);
    vdsokit_time_namespace group;
    vdsokit_time_namespace_init(&group);
    vdsokit_timespec const offset{1000, 0, 0};
    vdsokit_timespec const none{0, 0, 0};
    EXPECT_EQ(vdsokit_time_namespace_open(&keeper, &group, nullptr, offset, none),
              vdsokit_time_bad_page);
    EXPECT_EQ(vdsokit_time_namespace_open(&keeper, &group, &page, {-51, 0, 0}, none),
              vdsokit_time_out_of_range);
    ASSERT_EQ(vdsokit_time_namespace_open(&keeper, &group, &page, offset, none), vdsokit_ok);
    vdsokit_timespec time{};
    ASSERT_EQ(vdsokit_time_namespace_read(&keeper, &group, 1, &time), vdsokit_ok);
    EXPECT_EQ(time.seconds, 1050);
    EXPECT_EQ(read_page(page, ClockId::monotonic)->seconds, 1050);
    vdsokit_time_namespace_close(&keeper, &group);
    EXPECT_EQ(read_page(page, ClockId::monotonic), std::nullopt);
}

}  // namespace
}  // namespace vdsokit::test
