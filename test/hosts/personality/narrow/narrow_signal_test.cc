// SPDX-License-Identifier: BSD-2-Clause
// Handlers of 32-bit programs: both frames, both instruction sets, forged frames. Each test runs in
// a program of its own.
#include <gtest/gtest.h>

#include "guest.h"
#include "linux_narrow.h"

namespace vdsokit::personality {
namespace {

namespace arm {
constexpr u64 getpid = 20, kill = 37, sigreturn = 119, rt_sigreturn = 173, rt_sigaction = 174,
              sigaltstack = 186, nanosleep = 162;
}
constexpr u32 with_info = 4, with_restorer = 0x0400'0000, on_stack = 0x0800'0000,
              restart = 0x1000'0000;
constexpr u32 handler = read_only_page + 0x200, restorer = read_only_page + 0x301;

class NarrowSignal : public testing::Test {
protected:
    NarrowSignal() {
        guest.run_narrow();
        for (u32 at = 0; at < 15; ++at)
            if (at != 13) thread().registers().x[at] = 0x1000 + at;
    }
    Thread& thread() { return guest.first(); }
    i64 call(u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0, u64 f = 0) {
        return guest.narrow_call(thread(), number, a, b, c, d, e, f);
    }
    void handle(u32 number, u32 to, u32 flags) {
        u32 const action[] = {to, flags, restorer, 0x10, 0x20};
        guest.poke(thread(), data_start, action);
        ASSERT_EQ(call(arm::rt_sigaction, number, data_start, 0, 8), 0);
    }
    host::Registers& registers() { return thread().registers(); }
    Guest guest;
};

TEST_F(NarrowSignal, a_handler_is_stored_and_told_as_it_was_set) {
    handle(10, handler, with_restorer);
    ASSERT_EQ(call(arm::rt_sigaction, 10, 0, data_start + 64, 8), 0);
    EXPECT_EQ(guest.peek<u32>(thread(), data_start + 64), handler);
    EXPECT_EQ(guest.peek<u32>(thread(), data_start + 68), with_restorer);
    EXPECT_EQ(guest.peek<u32>(thread(), data_start + 72), restorer);
    EXPECT_EQ(guest.peek<u64>(thread(), data_start + 76), 0x20'0000'0010u);
}

TEST_F(NarrowSignal, a_plain_handler_gets_a_frame_and_gives_everything_back) {
    handle(10, handler, with_restorer);
    registers().fpsr = 0x0800'0001;
    registers().fpcr = 0x0040'0000;
    registers().vector[255] = 0x77;
    registers().pstate |= 0x8000'0000;
    u64 const stack = registers().x[13];
    ASSERT_EQ(call(arm::kill, 1, 10), 10) << "the handler's r0";
    EXPECT_EQ(registers().pc, handler);
    EXPECT_EQ(registers().pstate, 0x10u) << "arm instructions, no flags";
    EXPECT_EQ(registers().x[14], restorer);
    EXPECT_EQ(registers().x[13] % 8, 0u);
    u64 const frame = registers().x[13];
    EXPECT_EQ(guest.peek<u32>(thread(), frame), arch::narrow::plain_frame_flags);
    auto const context = guest.peek<arch::narrow::UserContext>(thread(), frame);
    EXPECT_EQ(context.machine.r[0], 0u) << "what kill answered";
    EXPECT_EQ(context.machine.r[14], 0x100eu);
    EXPECT_EQ(context.machine.r[13], static_cast<u32>(stack));
    EXPECT_EQ(context.machine.cpsr & 0x8000'0030, 0x8000'0030u);
    EXPECT_EQ(context.vectors.fpscr, 0x0840'0001u);

    u64 const came_from = context.machine.r[15];
    registers().vector[255] = 0;
    registers().fpsr = registers().fpcr = 0;
    for (u32 at = 0; at < 15; ++at)
        if (at != 13) registers().x[at] = 0;
    registers().x[7] = arm::sigreturn;
    on_system_call(thread());
    EXPECT_EQ(registers().pc, came_from);
    EXPECT_EQ(registers().x[13], stack);
    EXPECT_EQ(registers().x[14], 0x100eu);
    EXPECT_EQ(registers().pstate, 0x8000'0030u);
    EXPECT_EQ(registers().vector[255], 0x77);
    EXPECT_EQ(registers().fpsr, 0x0800'0001u);
    EXPECT_EQ(registers().fpcr, 0x0040'0000u);
    EXPECT_EQ(thread().blocked.bits, 0u);
}

TEST_F(NarrowSignal, one_that_wants_it_gets_a_siginfo_of_32_bit_fields) {
    handle(11, handler + 1, with_info);
    on_fault(thread(), {host::FaultKind::read, {0xdead'0000}});
    EXPECT_EQ(registers().pc, handler);
    EXPECT_EQ(registers().pstate, 0x30u) << "bit 0 of its address: Thumb";
    u64 const frame = registers().x[13];
    EXPECT_EQ(registers().x[0], 11u);
    EXPECT_EQ(registers().x[1], frame);
    EXPECT_EQ(registers().x[2], frame + 128);
    EXPECT_EQ(guest.peek<u32>(thread(), frame), 11u);
    EXPECT_EQ(guest.peek<u32>(thread(), frame + 8), 1u) << "SEGV_MAPERR";
    EXPECT_EQ(guest.peek<u32>(thread(), frame + 12), 0xdead'0000u);
    auto const context = guest.peek<arch::narrow::UserContext>(thread(), frame + 128);
    EXPECT_EQ(context.flags, 0u);
    EXPECT_EQ(context.machine.fault_address, 0xdead'0000u);
    // Without a restorer it returns to Thumb code that calls rt_sigreturn.
    u64 const back = registers().x[14];
    EXPECT_EQ(back % 4, 1u);
    EXPECT_EQ(guest.peek<u32>(thread(), back - 1), 0xdf00'27adu);
    registers().x[7] = arm::rt_sigreturn;
    on_system_call(thread());
    EXPECT_EQ(registers().x[14], 0x100eu);
}

TEST_F(NarrowSignal, a_forged_frame_is_SIGSEGV) {
    struct Row {
        u64 offset;
        u32 value;
        char const* reason;
    };
    using arch::narrow::SignalContext;
    using arch::narrow::UserContext;
    u64 const cpsr = offsetof(UserContext, machine) + offsetof(SignalContext, cpsr);
    u64 const vectors = offsetof(UserContext, vectors);
    Row const rows[] = {
        {cpsr, 0x0, "AArch64"},
        {cpsr, 0x13, "a privileged mode"},
        {cpsr, 0x90, "interrupts masked"},
        {vectors, 0, "no vector registers"},
        {vectors + 4, 280, "too few of them"},
    };
    handle(11, handler, 0);
    for (Row const& row : rows) {
        handle(10, handler, with_restorer);
        ASSERT_EQ(call(arm::kill, 1, 10), 10) << row.reason;
        guest.poke(thread(), registers().x[13] + row.offset, row.value);
        registers().x[7] = arm::sigreturn;
        on_system_call(thread());
        EXPECT_EQ(registers().x[0], 11u) << row.reason;
        // Back from the handler of SIGSEGV, then from nowhere: the mask is as it was.
        registers().x[7] = arm::sigreturn;
        on_system_call(thread());
        thread().blocked = {};
    }
    handle(10, handler, with_restorer);
    ASSERT_EQ(call(arm::kill, 1, 10), 10);
    registers().x[13] += 4;
    registers().x[7] = arm::sigreturn;
    on_system_call(thread());
    EXPECT_EQ(registers().x[0], 11u) << "not where a frame can be";
}

TEST_F(NarrowSignal, big_endian_is_not_to_be_had) {
    handle(10, handler, with_restorer);
    ASSERT_EQ(call(arm::kill, 1, 10), 10);
    auto context = guest.peek<arch::narrow::UserContext>(thread(), registers().x[13]);
    context.machine.cpsr |= 1 << 9;
    guest.poke(thread(), registers().x[13], context);
    registers().x[7] = arm::sigreturn;
    on_system_call(thread());
    EXPECT_EQ(registers().pstate & (1 << 9), 0u);
}

TEST_F(NarrowSignal, the_alternate_stack_may_be_as_small_as_arms) {
    u32 const small[] = {data_start + 0x1000, 0, 2047};
    guest.poke(thread(), data_start, small);
    EXPECT_EQ(call(arm::sigaltstack, data_start, 0), negative(Errno::nomem));
    u32 const large[] = {data_start + 0x1000, 0, 0x1000};
    guest.poke(thread(), data_start, large);
    EXPECT_EQ(call(arm::sigaltstack, data_start, 0), 0);
    EXPECT_EQ(call(arm::sigaltstack, 0, data_start + 64), 0);
    EXPECT_EQ(guest.peek<u32>(thread(), data_start + 64), data_start + 0x1000);
    EXPECT_EQ(guest.peek<u32>(thread(), data_start + 72), 0x1000u);
    handle(10, handler, on_stack);
    ASSERT_EQ(call(arm::kill, 1, 10), 10);
    EXPECT_GT(registers().x[13], data_start + 0x1000);
    EXPECT_LT(registers().x[13], data_start + 0x2000);
}

TEST_F(NarrowSignal, a_call_that_is_made_again_begins_at_its_own_two_or_four_bytes) {
    constexpr u64 waitpid_any = ~u64{0}, wait4 = 114;
    for (u32 const state : {0x30u, 0x10u}) {
        i64 const child = call(2);
        handle(10, handler, restart);
        registers().pstate = state;
        registers().pc = read_only_page + 0x500;
        ASSERT_EQ(call(wait4, waitpid_any, 0, 0, 0), blocked);
        thread().process().signal(10);
        guest.call(*Thread::find(static_cast<i32>(child)), 0);  // any event
        ASSERT_EQ(registers().x[0], 10u);
        auto const context = guest.peek<arch::narrow::UserContext>(thread(), registers().x[13]);
        EXPECT_EQ(context.machine.r[15], read_only_page + 0x500) << "before the svc";
        registers().x[7] = arm::sigreturn;
        on_system_call(thread());
        thread().blocked = {};
    }
}

TEST_F(NarrowSignal, an_interrupted_sleep_says_what_is_left_in_32_bits) {
    handle(10, handler, 0);
    u32 const span[] = {10, 0};
    guest.poke(thread(), data_start + 0x100, span);
    i64 const child = call(2);
    ASSERT_EQ(call(arm::nanosleep, data_start + 0x100, data_start + 0x200), blocked);
    guest.pass(4'000'000'000);
    guest.narrow_call(*Thread::find(static_cast<i32>(child)), arm::kill, 1, 10);
    EXPECT_EQ(registers().x[0], 10u);
    EXPECT_EQ(guest.peek<u32>(thread(), data_start + 0x200), 6u);
    EXPECT_LT(guest.peek<u32>(thread(), data_start + 0x204), 1000u);
}

TEST_F(NarrowSignal, what_debuggers_put_into_code_is_a_breakpoint) {
    constexpr u64 mmap2 = 192, mprotect = 125;
    u64 const page = static_cast<u32>(call(mmap2, 0, 4096, 3, 0x22, ~u64{0}, 0));
    guest.poke(thread(), page, u32{0xe7f0'01f0});
    guest.poke(thread(), page + 4, u32{0x0000'de01});
    guest.poke(thread(), page + 8, u32{0xe7f0'00f0});
    ASSERT_EQ(call(mprotect, page, 4096, 5), 0);
    struct Row {
        u64 at;
        u64 state;
        u64 signal;
    };
    for (u32 const number : {4u, 5u}) handle(number, handler, 0);
    for (Row const& row : {Row{0, 0x10, 5}, Row{4, 0x30, 5}, Row{8, 0x10, 4}, Row{0, 0x30, 4}}) {
        registers().pstate = row.state;
        registers().pc = page + row.at;
        on_fault(thread(), {host::FaultKind::undefined, {page + row.at}});
        EXPECT_EQ(registers().x[0], row.signal) << row.at;
        thread().blocked = {};
    }
}

}  // namespace
}  // namespace vdsokit::personality
