// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "guest.h"

namespace vdsokit::personality {
namespace {

constexpr u64 at = data_start;

TEST(Sleep, EndsAtItsTimeAndNotBefore) {
    Guest guest;
    Thread& first = guest.first();
    guest.poke(first, at, UserTimespec{2, 5});
    EXPECT_EQ(guest.call(first, nr::nanosleep, at, 0), blocked);
    guest.pass(2'000'000'003);
    EXPECT_EQ(guest.answer(first), blocked);
    guest.pass(3);
    EXPECT_EQ(guest.answer(first), 0);
}

TEST(Sleep, TheLongestSpanIsNoEndlessLoopAndNoPast) {
    Guest guest;
    Thread& first = guest.first();
    guest.poke(first, at, UserTimespec{0x7fff'ffff'ffff'ffff, 999'999'999});
    EXPECT_EQ(guest.call(first, nr::nanosleep, at, 0), blocked);
    guest.pass(1'000'000'000);
    EXPECT_EQ(guest.answer(first), blocked);
}

TEST(Sleep, SaysWhatIsLeftWhenAHandlerEndsIt) {
    Guest guest;
    Thread& first = guest.first();
    Thread& other = guest.fork(first);
    first.process().actions->of(10) = {.handler = 0x1000, .flags = action_flag::restart};
    guest.poke(first, at, UserTimespec{3, 0});
    EXPECT_EQ(guest.call(first, nr::nanosleep, at, at + 16), blocked);
    guest.pass(1'000'000'000);
    guest.call(other, nr::kill, 1, 10);
    EXPECT_EQ(guest.call(first, nr::sigreturn), negative(Errno::intr));
    auto const rest = guest.peek<UserTimespec>(first, at + 16);
    EXPECT_EQ(rest.seconds, 2);
    EXPECT_LE(rest.nanoseconds, 1) << "the clock rounds down";
}

TEST(Sleep, GoesOnAfterAStopUntilItsOldTime) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    u64 const id = static_cast<u64>(child.id());
    guest.poke(child, at, UserTimespec{3, 0});
    EXPECT_EQ(guest.call(child, nr::nanosleep, at, 0), blocked);
    guest.call(first, nr::kill, id, 19);
    guest.pass(2'000'000'000);
    guest.call(first, nr::kill, id, 18);
    EXPECT_EQ(guest.answer(child), blocked);
    guest.pass(1'000'000'001);
    EXPECT_EQ(guest.answer(child), 0);
    EXPECT_EQ(guest.call(child, nr::nanosleep, at, 0), blocked);
    guest.call(first, nr::kill, id, 19);
    guest.pass(5'000'000'000);
    EXPECT_EQ(guest.answer(child), blocked)
        << "a stopped process does not run when its time is over";
    guest.call(first, nr::kill, id, 18);
    EXPECT_EQ(guest.answer(child), 0);
}

TEST(Timer, AnIntervalOfANanosecondDoesNotStopTheMachine) {
    Guest guest;
    Thread& first = guest.first();
    first.process().actions->of(14).handler = ignore_handler;
    struct {
        i64 interval[2], value[2];
    } const every{{0, 1}, {0, 1}};
    struct {
        u64 value;
        i32 signal, notify, thread, unused[11];
    } const event{7, 14, 0, 0, {}};
    guest.poke(first, at, event);
    EXPECT_EQ(guest.call(first, nr::timer_create, 1, at, at + 64), 0);
    guest.poke(first, at, every);
    EXPECT_EQ(guest.call(first, nr::timer_settime, guest.peek<u32>(first, at + 64), 0, at, 0), 0);
    guest.pass(10);
    EXPECT_GE(host::fake_host().timer, 50'000u) << "programs run in between";
}

TEST(Timer, CountsTheRingsThatNobodyTook) {
    Guest guest;
    Thread& first = guest.first();
    struct {
        i64 interval[2], value[2];
    } const every{{0, 1'000'000}, {0, 1'000'000}};
    struct {
        u64 value;
        i32 signal, notify, thread, unused[11];
    } const event{7, 40, 0, 0, {}};
    guest.poke(first, at, event);
    guest.poke(first, at + 128, u64{1} << 39);
    guest.call(first, nr::sigprocmask, 0, at + 128, 0, 8);
    EXPECT_EQ(guest.call(first, nr::timer_create, 1, at, at + 64), 0);
    u64 const id = guest.peek<u32>(first, at + 64);
    guest.poke(first, at, every);
    EXPECT_EQ(guest.call(first, nr::timer_settime, id, 0, at, 0), 0);
    guest.pass(10'500'000);
    EXPECT_EQ(guest.call(first, nr::sigtimedwait, at + 128, at + 256, 0, 8), 40);
    EXPECT_EQ(guest.peek<SignalInfo>(first, at + 256).timer.overrun, 9);
    EXPECT_EQ(guest.call(first, nr::timer_getoverrun, id), 9);
}

TEST(Clock, RefusesWhatIsNoneAndFaultsOnBadPointers) {
    Guest guest;
    Thread& first = guest.first();
    struct Row {
        u64 number, id, pointer;
        i64 answer;
        char const* reason;
    };
    i64 const inval = negative(Errno::inval), fault = negative(Errno::fault);
    Row const rows[] = {
        {nr::clock_gettime, 0, at, 0, "realtime"},
        {nr::clock_gettime, 9, at, 0, "boottime alarm is boottime"},
        {nr::clock_gettime, 10, at, inval, "there is no clock 10"},
        {nr::clock_gettime, 12, at, inval, "beyond the last"},
        {nr::clock_gettime, 0xffff'fffb, at, inval, "a descriptor's clock"},
        {nr::clock_gettime, 0x1'0000'0001, at, 0, "only the low 32 bits are the id"},
        {nr::clock_gettime, 0x8000'0000, at, inval, "the CPU clock of no process"},
        {nr::clock_gettime, 0xffff'fffe, at, 0, "one's own CPU clock"},
        {nr::clock_gettime, 1, 16, fault, "not mapped"},
        {nr::clock_gettime, 1, read_only_page, fault, "not writable"},
        {nr::clock_gettime, 1, ~u64{0} - 7, fault, "wraps"},
        {114, 1, 0, 0, "clock_getres may be given no pointer"},
        {114, 1, 16, fault, "but not a bad one"},
        {114, 99, 0, inval, "nor a bad id"},
    };
    for (Row const& row : rows)
        EXPECT_EQ(guest.call(first, row.number, row.id, row.pointer), row.answer) << row.reason;
}

}  // namespace
}  // namespace vdsokit::personality
