// SPDX-License-Identifier: BSD-2-Clause
// Fork, vfork, threads and ends, seen from outside.
#include <gtest/gtest.h>

#include "guest.h"

namespace vdsokit::personality {
namespace {

constexpr u64 thread_flags = 0x100 | 0x200 | 0x400 | 0x800 | 0x1'0000;
constexpr u64 parent_id = 0x10'0000, child_clear = 0x20'0000, child_id = 0x100'0000, tls = 0x8'0000;

TEST(Process, ForkCopiesMemoryAndRegistersAndTheChildGetsZero) {
    Guest guest;
    Thread& parent = guest.first();
    guest.poke(parent, data_start, u64{1});
    parent.registers().x[20] = 77;
    Thread& child = guest.fork(parent);
    EXPECT_EQ(child.registers().x[0], 0u);
    EXPECT_EQ(child.registers().x[20], 77u);
    EXPECT_EQ(child.registers().pc, parent.registers().pc);
    guest.poke(child, data_start, u64{2});
    EXPECT_EQ(guest.peek<u64>(parent, data_start), 1u);
    EXPECT_EQ(guest.call(child, nr::getpid), child.process().id());
    EXPECT_EQ(child.process().parent_id(), 1);
}

TEST(Process, AThreadSharesMemoryAndIsToldItsIdentity) {
    Guest guest;
    Thread& first = guest.first();
    i64 const id =
        guest.call(first, nr::clone, thread_flags | parent_id | child_clear | child_id | tls,
                   data_start + 0x8000, data_start, 0x1234, data_start + 8);
    ASSERT_GT(id, 0);
    Thread& second = *Thread::find(static_cast<i32>(id));
    EXPECT_EQ(&second.process(), &first.process());
    EXPECT_EQ(second.registers().sp, data_start + 0x8000);
    EXPECT_EQ(second.registers().tls, 0x1234u);
    EXPECT_EQ(guest.peek<i32>(first, data_start), id);
    EXPECT_EQ(guest.peek<i32>(first, data_start + 8), id);
    EXPECT_EQ(guest.call(second, nr::getpid), 1);
    EXPECT_EQ(guest.call(first, nr::futex, data_start + 8, 128, static_cast<u64>(id)), blocked);
    guest.call(second, nr::exit, 0);
    EXPECT_EQ(guest.answer(first), 0) << "the end of a thread clears its word and wakes";
    EXPECT_EQ(guest.peek<i32>(first, data_start + 8), 0);
    EXPECT_EQ(Thread::find(static_cast<i32>(id)), nullptr);
}

TEST(Process, AVforkParentWaitsForTheChildsEndAndOtherSignalsWaitWithIt) {
    Guest guest;
    Thread& parent = guest.first();
    Thread& bystander = guest.fork(parent);
    Thread& middle = guest.fork(parent);
    EXPECT_EQ(guest.call(middle, nr::clone, 0x4000 | 0x100 | 17), blocked);
    Thread& child = *Thread::find(middle.id() + 1);
    EXPECT_EQ(&child.process().memory(), &middle.process().memory());
    SignalAction const action{.handler = 0x1000, .flags = 0};
    middle.process().actions->of(signal_number::user1) = action;
    EXPECT_EQ(guest.call(bystander, nr::kill, static_cast<u64>(middle.id()), 10), 0);
    EXPECT_EQ(guest.answer(middle), blocked) << "a handler does not run in the middle of vfork";
    guest.call(child, nr::exit_group, 3);
    EXPECT_TRUE(middle.runs());
    EXPECT_EQ(middle.registers().pc, 0x1000u) << "it runs now";
}

TEST(Process, ADeadlySignalEndsEvenAVforkParent) {
    Guest guest;
    Thread& first = guest.first();
    Thread& middle = guest.fork(first);
    i32 const middle_id = middle.id();
    EXPECT_EQ(guest.call(middle, nr::clone, 0x4000 | 0x100 | 17), blocked);
    Thread& child = *Thread::find(middle_id + 1);
    EXPECT_EQ(guest.call(first, nr::kill, static_cast<u64>(middle_id), 15), 0);
    EXPECT_EQ(guest.call(first, nr::wait4, static_cast<u64>(middle_id), 0, 0, 0), middle_id);
    EXPECT_EQ(child.process().parent_id(), 1);
    EXPECT_EQ(guest.call(child, nr::getpid), middle_id + 1) << "the child goes on in that memory";
}

TEST(Process, WhatEndedGivesAllItsMemoryBack) {
    Guest guest;
    Thread& first = guest.first();
    guest.call(first, nr::getpid);
    u64 const before = host::fake_host().frames_used;
    for (u32 round = 0; round < 50; ++round) {
        Thread& child = guest.fork(first);
        guest.poke(child, data_start, u64{round});
        guest.call(child, nr::clone, thread_flags, data_start + 0x8000);
        guest.poke(child, data_start + 64, UserItimer{{0, 0}, {5, 0}});
        guest.call(child, nr::setitimer, 0, data_start + 64, 0);
        guest.call(child, nr::timer_create, 1, 0, data_start);
        i32 const id = child.id();
        guest.call(child, nr::exit_group, 0);
        EXPECT_EQ(guest.call(first, nr::wait4, ~u64{0}, 0, 0, 0), id);
    }
    guest.call(first, nr::getpid);
    EXPECT_EQ(host::fake_host().frames_used, before);
}

TEST(Process, AThousandProcessesLiveInHalfAGibibyte) {
    Guest guest;
    host::fake_host().frames_total = u64{512} * 256;
    Thread& first = guest.first();
    guest.call(first, nr::getpid);
    u64 const before = host::fake_host().frames_used;
    for (u32 i = 0; i < 2000; ++i) guest.fork(first);
    EXPECT_LT(host::fake_host().frames_used - before, 2000u * 16);
    for (u32 i = 0; i < 2000; ++i)
        guest.call(*Thread::find(static_cast<i32>(i + 2)), nr::exit_group, 0);
    for (u32 i = 0; i < 2000; ++i) EXPECT_GT(guest.call(first, nr::wait4, ~u64{0}, 0, 0, 0), 0);
    guest.call(first, nr::getpid);
    EXPECT_EQ(host::fake_host().frames_used, before);
}

TEST(Process, ForksEndBeforeTheLastFrameIsTaken) {
    Guest guest;
    Thread& first = guest.first();
    i64 last = 0;
    for (u32 i = 0; i < 100'000 && last >= 0; ++i) last = guest.call(first, nr::clone, 17);
    EXPECT_TRUE(last == negative(Errno::again) || last == negative(Errno::nomem)) << last;
    EXPECT_GE(host::frame_count().free, host::frame_count().total / 64)
        << "those that live can still touch pages";
}

TEST(Process, TheStatsLineNamesWhatWasCalledAndTimeCallsAlways) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    guest.call(child, nr::clock_gettime, 1, data_start);
    guest.call(child, nr::getpid);
    guest.call(child, 451);
    guest.call(child, 451);
    guest.call(child, ~u64{0});
    guest.call(child, nr::exit_group, 9);
    EXPECT_EQ(guest.errors(),
              "stats: pid=2 status=9 exe=/init clock_gettime=1 gettimeofday=0 clock_getres=0 "
              "exit_group=1 getpid=1 nosys_451=2 nosys_other=1\n");
}

TEST(Process, RefusesSharingThatMakesNoSense) {
    Guest guest;
    struct Row {
        u64 flags;
        char const* reason;
    };
    Row const rows[] = {
        {0x1'0000, "a thread without the handlers"},
        {0x800, "handlers without the memory they lie in"},
        {0x1'0000 | 0x800 | 0x100, "a thread with files of its own"},
        {0x2'0000, "a mount namespace"},
        {0x2000'0000, "a process namespace"},
        {0x1000, "a pidfd"},
        {0xff, "an exit signal that is none"},
        {0x8000 | 17, "a sibling of process 1"},
    };
    for (Row const& row : rows)
        EXPECT_EQ(guest.call(guest.first(), nr::clone, row.flags), negative(Errno::inval))
            << row.reason;
}

}  // namespace
}  // namespace vdsokit::personality
