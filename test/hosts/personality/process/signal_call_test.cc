// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "linux_signal.h"

#include "guest.h"

namespace vdsokit::personality {
namespace {

constexpr u64 handler = 0x1000, set_size = 8, block = 0, set_mask = 2;
constexpr u64 user1_bit = 1u << 9, user2_bit = 1u << 11;

void handle(Thread& thread, i32 number, u64 flags = 0, u64 mask = 0) {
    thread.process().actions->of(number) = {.handler = handler, .flags = flags, .mask = {mask}};
}

TEST(SignalCall, AHandlerSeesTheInterruptedRegistersAndReturnsToThem) {
    Guest guest;
    Thread& first = guest.first();
    handle(first, 10, action_flag::siginfo, user2_bit);
    first.registers().x[19] = 0x1919;
    u64 const stack = first.registers().sp;
    u64 const resume = first.registers().pc + 4;
    EXPECT_EQ(guest.call(first, nr::kill, 1, 10), 10) << "x0 is the signal";
    EXPECT_EQ(first.registers().pc, handler);
    EXPECT_EQ(first.blocked.bits, user1_bit | user2_bit);
    auto const info = guest.peek<SignalInfo>(first, first.registers().x[1]);
    EXPECT_EQ(info.number, 10);
    EXPECT_EQ(info.sender.process, 1);
    auto const pc = guest.peek<u64>(first, first.registers().x[2] + 176 + 264);
    EXPECT_EQ(pc, resume);
    auto const record = guest.peek<arch::FrameRecord>(first, first.registers().x[29]);
    EXPECT_EQ(record.next, 0u);
    EXPECT_EQ(guest.call(first, nr::sigreturn), 0) << "kill's answer";
    EXPECT_EQ(first.registers().x[19], 0x1919u);
    EXPECT_EQ(first.registers().sp, stack);
    EXPECT_EQ(first.registers().pc, resume);
    EXPECT_EQ(first.blocked.bits, 0u);
}

TEST(SignalCall, ReturnsToTheRestorerOrElseToTheCopyThatExecMapped) {
    Guest guest;
    Thread& first = guest.first();
    handle(first, 10);
    guest.call(first, nr::kill, 1, 10);
    EXPECT_EQ(first.registers().x[30], first.process().signal_return.value);
    guest.call(first, nr::sigreturn);
    first.process().actions->of(10) = {
        .handler = handler, .flags = action_flag::restorer, .restorer = 0x7777, .mask = {}};
    guest.call(first, nr::kill, 1, 10);
    EXPECT_EQ(first.registers().x[30], 0x7777u);
}

TEST(SignalCall, SigsuspendLetsASignalInAndItsFrameKeepsTheOldMask) {
    Guest guest;
    Thread& first = guest.first();
    handle(first, 10);
    guest.poke(first, data_start, user1_bit);
    guest.call(first, nr::sigprocmask, block, data_start, 0, set_size);
    guest.call(first, nr::kill, 1, 10);
    EXPECT_NE(first.registers().pc, handler);
    guest.poke(first, data_start, user2_bit);
    guest.call(first, nr::sigsuspend, data_start, set_size);
    EXPECT_EQ(first.registers().pc, handler);
    EXPECT_EQ(first.blocked.bits, user1_bit | user2_bit);
    EXPECT_EQ(guest.call(first, nr::sigreturn), negative(Errno::intr));
    EXPECT_EQ(first.blocked.bits, user1_bit);
}

TEST(SignalCall, SigtimedwaitTakesWhatIsBlockedOrEndsAtItsTime) {
    Guest guest;
    Thread& first = guest.first();
    Thread& other = guest.fork(first);
    guest.poke(first, data_start, user1_bit);
    guest.poke(first, data_start + 8, UserTimespec{0, 1'000'000});
    guest.call(first, nr::sigprocmask, block, data_start, 0, set_size);
    EXPECT_EQ(
        guest.call(first, nr::sigtimedwait, data_start, data_start + 64, data_start + 8, set_size),
        blocked);
    guest.call(other, nr::kill, 1, 10);
    EXPECT_EQ(guest.answer(first), 10);
    EXPECT_EQ(guest.peek<SignalInfo>(first, data_start + 64).sender.process, other.id());
    EXPECT_EQ(guest.call(first, nr::sigtimedwait, data_start, 0, data_start + 8, set_size),
              blocked);
    guest.pass(999'990);
    EXPECT_EQ(guest.answer(first), blocked);
    guest.pass(20);
    EXPECT_EQ(guest.answer(first), negative(Errno::again));
}

TEST(SignalCall, AForgedFrameEndsItsProcessAlone) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    i32 const id = child.id();
    child.registers().sp = data_start + 0x4000;  // zeros: no vector record
    guest.call(child, nr::sigreturn);
    EXPECT_EQ(guest.call(first, nr::wait4, ~u64{0}, data_start), id);
    EXPECT_EQ(guest.peek<u32>(first, data_start), 11u);
    EXPECT_EQ(guest.call(first, nr::getpid), 1);
}

TEST(SignalCall, AHandlerWhoseFrameHasNoRoomEndsTheProcess) {
    Guest guest;
    Thread& first = guest.first();
    for (u64 const stack : {u64{0}, u64{64}, u64{0x10'0000}, ~u64{0}, u64{1} << 47}) {
        Thread& child = guest.fork(first);
        handle(child, 10);
        handle(child, 11);
        child.registers().sp = stack;
        guest.call(child, nr::kill, static_cast<u64>(child.id()), 10);
        EXPECT_GT(guest.call(first, nr::wait4, ~u64{0}, data_start), 0) << stack;
        EXPECT_EQ(guest.peek<u32>(first, data_start), 11u);
    }
}

TEST(SignalCall, TheAlternateStackIsUsedOnceAndNotLeftByGrowing) {
    Guest guest;
    Thread& first = guest.first();
    u64 const base = data_start + 0x1000;
    struct {
        u64 base;
        i32 flags;
        u32 pad;
        u64 size;
    } stack{base, 0, 0, 0x1800};
    guest.poke(first, data_start, stack);
    EXPECT_EQ(guest.call(first, nr::sigaltstack, data_start, 0), 0);
    handle(first, 10, action_flag::on_stack | action_flag::no_defer);
    guest.call(first, nr::kill, 1, 10);
    u64 const in = first.registers().sp;
    EXPECT_GE(in, base);
    EXPECT_LT(in, base + 0x1800);
    EXPECT_EQ(guest.call(first, nr::sigaltstack, data_start, 0), negative(Errno::perm)) << "in use";
    handle(first, 11);
    EXPECT_EXIT(guest.call(first, nr::kill, 1, 10), testing::ExitedWithCode(139), "")
        << "a second frame does not fit and must not be written below";
}

TEST(SignalCall, AFaultIsDeliveredWithItsAddressAndCannotBeBlocked) {
    Guest guest;
    Thread& first = guest.first();
    handle(first, 11, action_flag::siginfo);
    on_fault(first, {host::FaultKind::write, {read_only_page + 8}});
    EXPECT_EQ(first.registers().pc, handler);
    auto const info = guest.peek<SignalInfo>(first, first.registers().x[1]);
    EXPECT_EQ(info.code, 2) << "SEGV_ACCERR";
    EXPECT_EQ(info.fault.address, read_only_page + 8);
    Thread& child = guest.fork(first);
    on_fault(child, {host::FaultKind::read, {8}});
    EXPECT_EQ(guest.call(first, nr::wait4, ~u64{0}, data_start), child.process().id() == 0 ? 0 : 2)
        << "SIGSEGV in its own handler, where it is blocked";
}

TEST(SignalCall, AStopSignalAndAContinueCancelEachOther) {
    Guest guest;
    Thread& first = guest.first();
    Thread& child = guest.fork(first);
    u64 const id = static_cast<u64>(child.id());
    guest.poke(child, data_start, u64{1} << 19);  // SIGTSTP
    guest.call(child, nr::sigprocmask, block, data_start, 0, set_size);
    guest.call(child, nr::setpgid, 0, 0);
    guest.call(first, nr::kill, id, 20);
    guest.call(first, nr::kill, id, 18);
    guest.poke(child, data_start, u64{0});
    guest.call(child, nr::sigprocmask, set_mask, data_start, 0, set_size);
    EXPECT_TRUE(child.runs());
}

}  // namespace
}  // namespace vdsokit::personality
