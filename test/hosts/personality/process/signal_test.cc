// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/signal.h"

#include <gtest/gtest.h>

#include "host.h"

namespace vdsokit::personality {
namespace {

using namespace signal_number;

SignalInfo info(i32 number, u64 value = 0) {
    SignalInfo made;
    made.number = number;
    made.sender.value = value;
    return made;
}
constexpr SignalSet everything{~u64{0}};

TEST(PendingSignals, AStandardSignalWaitsOnceWithWhatWasSaidFirst) {
    PendingSignals pending;
    EXPECT_TRUE(pending.add(info(user1, 1)));
    EXPECT_TRUE(pending.add(info(user1, 2)));
    SignalInfo taken;
    EXPECT_TRUE(pending.take(user1, taken));
    EXPECT_EQ(taken.sender.value, 1u);
    EXPECT_FALSE(pending.take(user1, taken));
}

TEST(PendingSignals, ARealtimeSignalWaitsAsOftenAsItWasSentInOrder) {
    PendingSignals pending;
    for (u64 i = 0; i < 5; ++i) EXPECT_TRUE(pending.add(info(40, i)));
    for (u64 i = 0; i < 5; ++i) {
        SignalInfo taken;
        EXPECT_EQ(pending.first(everything), 40);
        ASSERT_TRUE(pending.take(40, taken));
        EXPECT_EQ(taken.sender.value, i);
    }
    EXPECT_EQ(pending.first(everything), 0);
}

TEST(PendingSignals, TheLowestNumberComesFirstButFaultsBeforeAll) {
    PendingSignals pending;
    for (i32 const number : {term, hup, segv, 64}) EXPECT_TRUE(pending.add(info(number)));
    for (i32 const number : {segv, hup, term, 64}) {
        SignalInfo taken;
        EXPECT_EQ(pending.first(everything), number);
        EXPECT_TRUE(pending.take(number, taken));
    }
}

TEST(PendingSignals, WithoutMemoryAStandardSignalIsKeptAndARealtimeOneRefused) {
    PendingSignals pending;
    host::fake_host().frames_total = 0;
    EXPECT_TRUE(pending.add(info(term, 7)));
    EXPECT_FALSE(pending.add(info(40)));
    SignalInfo taken;
    EXPECT_TRUE(pending.take(term, taken));
    EXPECT_EQ(taken.number, term);
    EXPECT_EQ(taken.sender.value, 0u);
    EXPECT_EQ(pending.set().bits, 0u);
}

TEST(PendingSignals, GivesItsMemoryBack) {
    {
        PendingSignals pending;
        for (u64 i = 0; i < 1000; ++i) EXPECT_TRUE(pending.add(info(50, i)));
        EXPECT_EQ(pending.count(), 1000u);
    }
    EXPECT_EQ(host::fake_host().frames_used, 0u);
}

TEST(SignalActions, ExecKeepsWhatIsIgnoredAndForgetsHandlers) {
    SignalActions* const actions = SignalActions::create();
    actions->of(user1) = {.handler = 0x1234, .flags = action_flag::restart, .mask = {5}};
    actions->of(user2).handler = ignore_handler;
    actions->reset_handlers();
    EXPECT_EQ(actions->of(user1).handler, default_handler);
    EXPECT_EQ(actions->of(user1).flags, 0u);
    EXPECT_EQ(actions->of(user2).handler, ignore_handler);
    EXPECT_TRUE(actions->ignores(user2));
    EXPECT_TRUE(actions->ignores(child));
    EXPECT_FALSE(actions->ignores(term));
    actions->release();
}

}  // namespace
}  // namespace vdsokit::personality
