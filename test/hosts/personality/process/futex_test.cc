// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "guest.h"

namespace vdsokit::personality {
namespace {

constexpr u64 thread_flags = 0x100 | 0x200 | 0x400 | 0x800 | 0x1'0000;
constexpr u64 wait_op = 128, wake_op = 129, requeue_op = 131, wait_bits = 137, realtime = 256;
constexpr u64 word = data_start, other = data_start + 4096;

Thread& add_thread(Guest& guest) {
    i64 const id = guest.call(guest.first(), nr::clone, thread_flags, data_start + 0x8000);
    return *Thread::find(static_cast<i32>(id));
}

TEST(Futex, WakesInTheOrderOfWaiting) {
    Guest guest;
    Thread* threads[3];
    for (Thread*& thread : threads) {
        thread = &add_thread(guest);
        EXPECT_EQ(guest.call(*thread, nr::futex, word, wait_op, 0), blocked);
    }
    for (Thread* const thread : threads) {
        EXPECT_EQ(guest.answer(*thread), blocked);
        EXPECT_EQ(guest.call(guest.first(), nr::futex, word, wake_op, 1), 1);
        EXPECT_EQ(guest.answer(*thread), 0);
    }
    EXPECT_EQ(guest.call(guest.first(), nr::futex, word, wake_op, 1), 0);
}

TEST(Futex, AMovedWaiterIsWokenAtItsNewWordAndKeepsItsTime) {
    Guest guest;
    Thread& a = add_thread(guest);
    Thread& b = add_thread(guest);
    guest.poke(a, data_start + 64, UserTimespec{0, 1'000'000});
    EXPECT_EQ(guest.call(a, nr::futex, word, wait_op, 0), blocked);
    EXPECT_EQ(guest.call(b, nr::futex, word, wait_op, 0, data_start + 64), blocked);
    EXPECT_EQ(guest.call(guest.first(), nr::futex, word, requeue_op, 0, 2, other), 2);
    EXPECT_EQ(guest.call(guest.first(), nr::futex, word, wake_op, 9), 0);
    EXPECT_EQ(guest.call(guest.first(), nr::futex, other, wake_op, 1), 1);
    EXPECT_EQ(guest.answer(a), 0);
    guest.pass(1'000'010);
    EXPECT_EQ(guest.answer(b), negative(Errno::timedout));
    EXPECT_EQ(guest.call(guest.first(), nr::futex, other, wake_op, 9), 0);
}

TEST(Futex, AnInstantOfTheRealtimeClockFollowsThatClock) {
    Guest guest;
    Thread& waiter = add_thread(guest);
    guest.poke(waiter, data_start + 64, UserTimespec{1'700'000'100, 0});
    EXPECT_EQ(
        guest.call(waiter, nr::futex, word, wait_bits | realtime, 0, data_start + 64, 0, ~u64{0}),
        blocked);
    guest.poke(waiter, data_start + 128, UserTimespec{1'700'000'099, 0});
    EXPECT_EQ(guest.call(guest.first(), nr::clock_settime, 0, data_start + 128), 0);
    EXPECT_EQ(guest.answer(waiter), blocked);
    guest.pass(999'000'000);
    EXPECT_EQ(guest.answer(waiter), blocked);
    guest.pass(2'000'000);
    EXPECT_EQ(guest.answer(waiter), negative(Errno::timedout));
}

TEST(Futex, ASignalEndsAWaitAndTheThreadIsNoLongerQueued) {
    Guest guest;
    Thread& waiter = add_thread(guest);
    waiter.process().actions->of(10) = {.handler = 0x1000};
    EXPECT_EQ(guest.call(waiter, nr::futex, word, wait_op, 0), blocked);
    guest.call(guest.first(), nr::tgkill, 1, static_cast<u64>(waiter.id()), 10);
    EXPECT_EQ(waiter.registers().pc, 0x1000u);
    EXPECT_EQ(guest.call(guest.first(), nr::futex, word, wake_op, 9), 0);
    EXPECT_EQ(guest.call(waiter, nr::sigreturn), negative(Errno::intr));
}

TEST(Futex, ADeadOwnersLocksAreMarkedHoweverItsListIsForged) {
    Guest guest;
    struct Row {
        u64 first, offset, pending;
        char const* reason;
    };
    u64 const head = data_start + 0x100;
    Row const rows[] = {
        {head, 0, 0, "empty"},
        {data_start + 0x200, 16, 0, "a ring that never meets its head"},
        {8, 0, 0, "an entry that is not mapped"},
        {~u64{0}, ~u64{0}, ~u64{0}, "addresses that wrap"},
        {data_start + 0x201, 16, data_start + 0x201, "the bit of priority inheritance"},
        {read_only_page, 0, read_only_page, "a word that cannot be written"},
    };
    for (Row const& row : rows) {
        Thread& owner = add_thread(guest);
        struct {
            u64 first, offset, pending;
        } const list{row.first, row.offset, row.pending};
        guest.poke(owner, head, list);
        guest.poke(owner, data_start + 0x200, data_start + 0x200);
        guest.poke(owner, data_start + 0x210, static_cast<u32>(owner.id()) | 0x8000'0000u);
        EXPECT_EQ(guest.call(owner, nr::set_robust_list, head, 24), 0);
        guest.call(owner, nr::exit, 0);
        bool const is_marked = guest.peek<u32>(guest.first(), data_start + 0x210) == 0xc000'0000u;
        EXPECT_EQ(is_marked, row.offset == 16) << row.reason;
    }
    EXPECT_EQ(guest.call(guest.first(), nr::set_robust_list, head, 23), negative(Errno::inval));
}

}  // namespace
}  // namespace vdsokit::personality
