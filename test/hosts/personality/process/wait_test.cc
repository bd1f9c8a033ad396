// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "guest.h"

namespace vdsokit::personality {
namespace {

constexpr u64 any = ~u64{0}, no_hang = 1, untraced = 2, continued = 8;

TEST(Wait, BlocksUntilAChildEndsAndTellsHow) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    i32 const id = child.id();
    EXPECT_EQ(guest.call(first, nr::wait4, any, data_start, no_hang), 0);
    EXPECT_EQ(guest.call(first, nr::wait4, any, data_start), blocked);
    guest.call(child, nr::exit_group, 0x1234);
    EXPECT_EQ(guest.answer(first), id);
    EXPECT_EQ(guest.peek<u32>(first, data_start), 0x3400u) << "only the low byte counts";
    EXPECT_EQ(guest.call(first, nr::wait4, any), negative(Errno::child));
    EXPECT_EQ(Process::find(id), nullptr);
}

TEST(Wait, AHandlerEndsItOrItIsMadeAgain) {
    for (bool const restarts : {false, true}) {
        SCOPED_TRACE(restarts);
        static Guest guest;
        Thread& first = guest.first();
        Thread& child = guest.fork(first);
        SignalAction const action{.handler = 0x1000, .flags = restarts ? action_flag::restart : 0};
        first.process().actions->of(signal_number::user1) = action;
        first.registers().pc = 0x5000;
        EXPECT_EQ(guest.call(first, nr::wait4, any), blocked);
        guest.call(child, nr::kill, 1, 10);
        EXPECT_TRUE(first.runs());
        EXPECT_EQ(first.registers().pc, 0x1000u);
        EXPECT_EQ(guest.call(first, nr::sigreturn),
                  restarts ? static_cast<i64>(any) : negative(Errno::intr))
            << "the argument again, or EINTR";
        EXPECT_EQ(first.registers().pc, restarts ? 0x5000u : 0x5004u);
        guest.call(child, nr::exit_group, 0);
        EXPECT_GT(guest.call(first, nr::wait4, any), 0);
    }
}

TEST(Wait, SeesStopsAndContinuationsOnce) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    u64 const id = static_cast<u64>(child.id());
    EXPECT_EQ(guest.call(first, nr::wait4, any, data_start, untraced | continued), blocked);
    Thread& other = guest.fork(child);
    guest.call(other, nr::kill, id, 19);
    EXPECT_EQ(guest.answer(first), static_cast<i64>(id));
    EXPECT_EQ(guest.peek<u32>(first, data_start), 0x137fu);
    EXPECT_FALSE(child.runs());
    EXPECT_EQ(guest.call(first, nr::wait4, any, data_start, untraced | continued | no_hang), 0);
    guest.call(first, nr::kill, id, 18);
    EXPECT_TRUE(child.runs());
    EXPECT_EQ(guest.call(first, nr::wait4, any, data_start, untraced | continued),
              static_cast<i64>(id));
    EXPECT_EQ(guest.peek<u32>(first, data_start), 0xffffu);
    EXPECT_EQ(guest.call(first, nr::wait4, any, data_start, no_hang), 0);
}

TEST(Wait, OrphansGoToProcessOne) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    Thread& grandchild = guest.fork(child);
    i32 const id = grandchild.id();
    guest.call(child, nr::exit_group, 0);
    EXPECT_EQ(grandchild.process().parent_id(), 1);
    EXPECT_GT(guest.call(first, nr::wait4, any), 0);
    guest.call(grandchild, nr::exit_group, 0);
    EXPECT_EQ(guest.call(first, nr::wait4, any), id);
}

TEST(Wait, AnIgnoredSigchldLeavesNoZombies) {
    Guest guest;
    Thread& first = guest.first();
    first.process().actions->of(signal_number::child).handler = ignore_handler;
    Thread& child = guest.fork(first);
    i32 const id = child.id();
    EXPECT_EQ(guest.call(first, nr::wait4, any), blocked);
    guest.call(child, nr::exit_group, 0);
    EXPECT_EQ(guest.answer(first), negative(Errno::child));
    EXPECT_EQ(Process::find(id), nullptr);
}

TEST(Wait, ABadStatusPointerIsEfaultAndTheChildIsGone) {
    Guest guest;
    Thread& first = guest.first();
    guest.call(guest.fork(first), nr::exit_group, 0);
    EXPECT_EQ(guest.call(first, nr::wait4, any, 16), negative(Errno::fault));
    EXPECT_EQ(guest.call(first, nr::wait4, any, 0), negative(Errno::child));
}

TEST(Wait, TheHostIsShutDownWithTheStatusOfProcessOne) {
    Guest guest;
    guest.fork(guest.first());
    EXPECT_EXIT(guest.call(guest.first(), nr::exit_group, 41), testing::ExitedWithCode(41), "");
    EXPECT_EXIT(guest.call(guest.first(), nr::kill, 1, 9), testing::ExitedWithCode(137), "")
        << "128 + the signal";
}

}  // namespace
}  // namespace vdsokit::personality
