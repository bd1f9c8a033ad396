// SPDX-License-Identifier: BSD-2-Clause
#include "linux_signal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "hosts/personality/host_types.h"

namespace vdsokit::arch {
namespace {

host::Registers some_registers() {
    host::Registers registers{};
    for (u32 i = 0; i < 31; ++i) registers.x[i] = 0x1000 + i;
    registers.sp = 0x7fff'0000;
    registers.pc = 0x40'0000;
    registers.pstate = 0x6000'0000;
    registers.tls = 99;
    registers.fpsr = 3;
    registers.fpcr = 4;
    for (u32 i = 0; i < sizeof(registers.vector); ++i) registers.vector[i] = static_cast<u8>(i * 7);
    return registers;
}

TEST(SignalFrame, GivesBackEveryRegisterThatAHandlerMayChange) {
    auto const frame = std::make_unique<SignalFrame>();
    host::Registers const before = some_registers();
    save_context(*frame, before, 0xabc);
    EXPECT_EQ(frame->context.machine.fault_address, 0xabcu);
    host::Registers after{};
    after.tls = 99;
    after.read_only_tls = 98;
    ASSERT_TRUE(restore_context(*frame, after));
    EXPECT_TRUE(std::ranges::equal(before.x, after.x));
    EXPECT_EQ(before.sp, after.sp);
    EXPECT_EQ(before.pc, after.pc);
    EXPECT_EQ(before.pstate, after.pstate);
    EXPECT_EQ(before.fpsr, after.fpsr);
    EXPECT_EQ(before.fpcr, after.fpcr);
    EXPECT_TRUE(std::ranges::equal(before.vector, after.vector));
    EXPECT_EQ(after.tls, 99u) << "not part of the frame";
    EXPECT_EQ(after.read_only_tls, 98u) << "not part of the frame";
}

struct Forgery {
    char const* reason;
    void (*forge)(SignalFrame&);
    bool is_accepted;
};

void put_record(SignalFrame& frame, u64 at, u32 magic, u32 size) {
    ContextHead const head{magic, size};
    std::memcpy(frame.context.machine.reserved + at, &head, sizeof(head));
}

TEST(SignalFrame, RefusesWhatNoKernelWrote) {
    Forgery const rows[] = {
        {"untouched", [](SignalFrame&) {}, true},
        {"EL1h", [](SignalFrame& f) { f.context.machine.pstate = 5; }, false},
        {"EL1t", [](SignalFrame& f) { f.context.machine.pstate = 4; }, false},
        {"AArch32", [](SignalFrame& f) { f.context.machine.pstate = 0x10; }, false},
        {"interrupts masked: taken, but not granted",
         [](SignalFrame& f) { f.context.machine.pstate = 0x3c0; }, true},
        {"size wraps the offset",
         [](SignalFrame& f) { put_record(f, 0, fpsimd_magic, 0xffff'fff0); }, false},
        {"size 0 with a magic: endless", [](SignalFrame& f) { put_record(f, 528, esr_magic, 0); },
         false},
        {"size not a multiple of 16", [](SignalFrame& f) { put_record(f, 528, esr_magic, 24); },
         false},
        {"vector record too short", [](SignalFrame& f) { put_record(f, 0, fpsimd_magic, 512); },
         false},
        {"no vector record", [](SignalFrame& f) { put_record(f, 0, 0, 0); }, false},
        {"two vector records", [](SignalFrame& f) { put_record(f, 528, fpsimd_magic, 528); },
         false},
        {"unknown record", [](SignalFrame& f) { put_record(f, 528, 0x1234, 16); }, false},
        {"fault record, then the end", [](SignalFrame& f) { put_record(f, 528, esr_magic, 16); },
         true},
        {"records past the edge",
         [](SignalFrame& f) { put_record(f, 528, esr_magic, 4096 - 528 + 16); }, false},
        {"records up to the edge, no end",
         [](SignalFrame& f) { put_record(f, 528, esr_magic, 4096 - 528); }, false},
    };
    for (Forgery const& row : rows) {
        auto const frame = std::make_unique<SignalFrame>();
        save_context(*frame, some_registers(), 0);
        row.forge(*frame);
        host::Registers registers{};
        registers.pc = 0x77;
        EXPECT_EQ(restore_context(*frame, registers), row.is_accepted) << row.reason;
        EXPECT_EQ(registers.pc == 0x77, !row.is_accepted) << row.reason;
        EXPECT_EQ(registers.pstate & ~pstate_of_program, 0u) << row.reason;
    }
}

TEST(SignalFrame, LiesBelowItsRecordAndIsAligned) {
    for (u64 const top : {u64{0x8000}, u64{0x8001}, u64{0x800f}, u64{0x8010}, ~u64{0}}) {
        SignalPlaces places;
        ASSERT_TRUE(place_signal_frame(top, places));
        EXPECT_EQ(places.frame % 16, 0u);
        EXPECT_LE(places.record + sizeof(FrameRecord), top);
        EXPECT_EQ(places.frame + sizeof(SignalFrame), places.record);
    }
    SignalPlaces places;
    for (u64 const top : {u64{0}, u64{16}, u64{sizeof(SignalFrame)}, u64{sizeof(SignalFrame) + 16}})
        EXPECT_FALSE(place_signal_frame(top, places)) << top;
}

TEST(SignalFrame, EntersTheHandlerAsTheCallingConventionSays) {
    host::Registers registers = some_registers();
    SignalPlaces const places{0x9000, 0x7000};
    enter_handler(registers, places,
                  {.handler = 0x1111, .return_to = 0x2222, .signal = 10, .wants_info = true});
    EXPECT_EQ(registers.x[0], 10u);
    EXPECT_EQ(registers.x[1], 0x7000u);
    EXPECT_EQ(registers.x[2], 0x7000u + 128);
    EXPECT_EQ(registers.x[29], 0x9000u);
    EXPECT_EQ(registers.x[30], 0x2222u);
    EXPECT_EQ(registers.sp, 0x7000u);
    EXPECT_EQ(registers.pc, 0x1111u);
    host::Registers plain = some_registers();
    enter_handler(plain, places, {.handler = 1, .return_to = 2, .signal = 10, .wants_info = false});
    EXPECT_EQ(plain.x[1], 0x1001u) << "without SA_SIGINFO the other arguments are left alone";
}

}  // namespace
}  // namespace vdsokit::arch
