// SPDX-License-Identifier: BSD-2-Clause
// The time half of vdsokit.h: each function reaches its namesake, each refusal its number.
#include <gtest/gtest.h>

#include "c_caller.h"
#include "host.h"

namespace vdsokit::test {
namespace {

struct CKernel : testing::Test {
    CKernel() {
        arch::fake = {};
        EXPECT_EQ(c_start(&keeper, &page, 0), vdsokit_ok);
    }
    vdsokit_timespec read(ClockId clock) {
        vdsokit_timespec time{};
        EXPECT_EQ(vdsokit_timekeeper_read(&keeper, static_cast<u32>(clock), &time), vdsokit_ok);
        return time;
    }

    vdsokit_timekeeper keeper{};
    abi::TimePage page = abi::unpublished_page();
};

TEST_F(CKernel, ReadsWhatItsProcessesRead) {
    Host::pass_nanoseconds(5'000'000'007);
    for (ClockId const clock : all_clocks) {
        vdsokit_timespec const time = read(clock);
        EXPECT_EQ(read_page(page, clock), (Timespec{time.seconds, time.nanoseconds}));
    }
    EXPECT_EQ(read(ClockId::monotonic).seconds, 5);
    EXPECT_EQ(read(ClockId::monotonic).nanoseconds, 7U);
    EXPECT_EQ(read(ClockId::realtime).seconds, 1'700'000'005);
}

TEST_F(CKernel, SetsAndSlews) {
    EXPECT_EQ(vdsokit_timekeeper_step_realtime(&keeper, {1'800'000'000, 9, 0}), vdsokit_ok);
    EXPECT_EQ(read(ClockId::realtime).seconds, 1'800'000'000);
    EXPECT_EQ(read(ClockId::realtime).nanoseconds, 9U);
    EXPECT_EQ(vdsokit_timekeeper_set_tai_offset(&keeper, 37), vdsokit_ok);
    EXPECT_EQ(vdsokit_timekeeper_tai_offset(&keeper), 37);
    EXPECT_EQ(read(ClockId::tai).seconds, 1'800'000'037);
    EXPECT_EQ(vdsokit_timekeeper_add_suspend(&keeper, 3'000'000'000), vdsokit_ok);
    EXPECT_EQ(read(ClockId::boottime).seconds, 3);
    EXPECT_EQ(vdsokit_timekeeper_slew_frequency(&keeper, -1000), vdsokit_ok);
    EXPECT_EQ(vdsokit_timekeeper_frequency(&keeper), -1000);
    int64_t replaced = -1;
    EXPECT_EQ(vdsokit_timekeeper_slew_offset(&keeper, 12345, &replaced), vdsokit_ok);
    EXPECT_EQ(replaced, 0);
    EXPECT_EQ(vdsokit_timekeeper_remaining_offset(&keeper), 12345);
    EXPECT_EQ(vdsokit_timekeeper_slew_offset(&keeper, 0, nullptr), vdsokit_ok);
    EXPECT_EQ(vdsokit_timekeeper_set_timezone(&keeper, -60, 1), vdsokit_ok);
    EXPECT_EQ(page.header.timezone_minutes_west, -60);
    EXPECT_EQ(page.header.timezone_dst, 1);
}

TEST_F(CKernel, WithdrawsPublishesAndKeepsItsDeadlines) {
    vdsokit_timekeeper_withdraw(&keeper);
    EXPECT_EQ(read_page(page, ClockId::monotonic), std::nullopt);
    vdsokit_timekeeper_publish(&keeper);
    EXPECT_NE(read_page(page, ClockId::monotonic), std::nullopt);
    ASSERT_EQ(vdsokit_timekeeper_slew_offset(&keeper, 100'000, nullptr), vdsokit_ok);
    vdsokit_deadline const next = vdsokit_timekeeper_next_update(&keeper);
    EXPECT_EQ(next.counter, 2'000'000'000U);
    EXPECT_EQ(next.after_nanoseconds / 1000, 999'999U);
    Host::pass(next.counter);
    vdsokit_timekeeper_advance(&keeper);
    EXPECT_EQ(vdsokit_timekeeper_remaining_offset(&keeper), 0);
    EXPECT_EQ(
        vdsokit_timekeeper_change_clocksource(&keeper, {1'000'000, 64, vdsokit_counter_physical}),
        vdsokit_ok);
    EXPECT_EQ(page.clocks[1].state, abi::state_of(abi::ClockMode::physical_counter));
}

TEST_F(CKernel, TicksMoveItsCoarseClocks) {
    vdsokit_timekeeper ticking{};
    ASSERT_EQ(c_start(&ticking, &page, 4'000'000), vdsokit_ok);
    uint64_t resolution = 0;
    EXPECT_EQ(vdsokit_timekeeper_resolution(&ticking, 6, &resolution), vdsokit_ok);
    EXPECT_EQ(resolution, 4'000'000U);
    Host::pass_nanoseconds(1'000'000'000);
    EXPECT_EQ(read_page(page, ClockId::monotonic_coarse), (Timespec{0, 0}));
    vdsokit_timekeeper_tick(&ticking);
    EXPECT_EQ(read_page(page, ClockId::monotonic_coarse), (Timespec{1, 0}));
}

TEST_F(CKernel, RefusalsHaveTheirNumbers) {
    vdsokit_timespec time{};
    uint64_t resolution = 0;
    EXPECT_EQ(vdsokit_timekeeper_read(&keeper, 2, &time), vdsokit_time_unknown_clock);
    EXPECT_EQ(vdsokit_timekeeper_read(&keeper, 0xffff'fffb, &time), vdsokit_time_unknown_clock);
    EXPECT_EQ(vdsokit_timekeeper_resolution(&keeper, 99, &resolution), vdsokit_time_unknown_clock);
    EXPECT_EQ(vdsokit_timekeeper_step_realtime(&keeper, {-1, 0, 0}), vdsokit_time_out_of_range);
    EXPECT_EQ(vdsokit_timekeeper_step_realtime(&keeper, {1, ~0U, 0}),
              vdsokit_time_nanoseconds_out_of_range);
    EXPECT_EQ(vdsokit_timekeeper_slew_frequency(&keeper, 500'001), vdsokit_time_rate_out_of_range);
    EXPECT_EQ(vdsokit_timekeeper_slew_offset(&keeper, INT64_MIN, nullptr),
              vdsokit_time_offset_out_of_range);
    EXPECT_EQ(vdsokit_timekeeper_set_tai_offset(&keeper, -1), vdsokit_time_tai_offset_out_of_range);
    EXPECT_EQ(vdsokit_timekeeper_set_timezone(&keeper, 5000, 0),
              vdsokit_time_timezone_out_of_range);
    EXPECT_EQ(vdsokit_timekeeper_change_clocksource(&keeper, {1000, 64, 7}),
              vdsokit_time_no_such_counter);
    vdsokit_time_start const again{
        .clocksource = {1000, 64, 0}, .realtime = {}, .monotonic = {}, .tick_nanoseconds = 0};
    EXPECT_EQ(vdsokit_timekeeper_start(&keeper, &again), vdsokit_time_already_started);
}

TEST_F(CKernel, APageThatIsNoneIsRefused) {
    EXPECT_EQ(vdsokit_timekeeper_attach(&keeper, nullptr), vdsokit_time_bad_page);
    EXPECT_EQ(vdsokit_timekeeper_attach(&keeper, reinterpret_cast<u8*>(&page) + 8),
              vdsokit_time_bad_page);
    EXPECT_NE(read_page(page, ClockId::monotonic), std::nullopt) << "the page it had is still kept";
}

}  // namespace
}  // namespace vdsokit::test
