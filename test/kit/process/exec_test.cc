// SPDX-License-Identifier: BSD-2-Clause
#include "kit/process/exec.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "test/kit/process/exec_requests.h"

namespace vdsokit::test {
namespace {

using kit::AddressRange;
using kit::ExecError;
using kit::ExecFault;
using kit::ExecPlan;
using kit::ExecRequest;
using kit::Program;
using kit::VdsoPlacement;
namespace flag = elf::segment_flag;

TEST(ExecPlan, AStaticProgramStaysWhereItIsLinked) {
    Program const program = opened(Builder64::ordinary());
    auto const plan = plan_exec(request_for(program, nullptr));
    ASSERT_TRUE(plan) << text_of(plan.error().error);
    EXPECT_EQ(plan.value().program_bias, 0u);
    EXPECT_EQ(plan.value().interpreter_bias, 0u);
    EXPECT_EQ(plan.value().entry, 0x400400u);
    EXPECT_EQ(plan.value().program_entry, 0x400400u);
    EXPECT_EQ(plan.value().program_headers, 0x400040u);
    EXPECT_EQ(plan.value().heap_start, 0x414000u);
    EXPECT_EQ(plan.value().vdso, stack.start - 2 * page);
}

TEST(ExecPlan, APositionIndependentProgramMovesByEntropy) {
    Program const program = opened(pie(false));
    ExecRequest request = request_for(program, nullptr);
    request.program_shift = 0x123;
    request.heap_shift = 7;
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    u64 const bias = 0x5555'5555'5000 + 0x123 * page;
    EXPECT_EQ(plan.value().program_bias, bias);
    EXPECT_EQ(plan.value().entry, bias + 0x400);
    EXPECT_EQ(plan.value().program_headers, bias + 64);
    EXPECT_EQ(plan.value().heap_start, bias + 0x14000 + 7 * page);
}

TEST(ExecPlan, WithAnInterpreterTheProcessStartsThere) {
    Program const program = opened(pie(true));
    Program const interpreter = opened(pie(false));
    ExecRequest request = request_for(program, &interpreter);
    request.interpreter_shift = 16;
    request.vdso_shift = 1000;
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    u64 const base = stack.start - 16 * page - 0x14000;
    EXPECT_EQ(plan.value().interpreter_bias, base);
    EXPECT_EQ(plan.value().entry, base + 0x400);
    EXPECT_EQ(plan.value().program_entry, plan.value().program_bias + 0x400);
    EXPECT_EQ(plan.value().vdso, stack.start - 1000 * page - 2 * page);
}

TEST(ExecPlan, TheVdsoGoesBelowTheInterpreterThatIsInItsWay) {
    Program const program = opened(pie(true));
    Program const interpreter = opened(pie(false));
    auto const plan = plan_exec(request_for(program, &interpreter));
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan.value().interpreter_bias, stack.start - 0x14000);
    EXPECT_EQ(plan.value().vdso, stack.start - 0x14000 - 2 * page);
}

TEST(ExecPlan, EntropyThatLeavesNoRoomIsForgottenRatherThanRefused) {
    Program const program = opened(pie(false));
    ExecRequest request = request_for(program, nullptr);
    request.vdso_shift = stack.start / page - 1;  // below the lowest address
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan.value().vdso, stack.start - 2 * page);
}

TEST(ExecPlan, EveryErrorHasATextOfItsOwn) {
    std::set<std::string> texts;
    u32 const count = static_cast<u32>(ExecError::no_room) + 1;
    for (u32 error = 0; error < count; ++error)
        texts.insert(text_of(static_cast<ExecError>(error)));
    EXPECT_EQ(texts.size(), count);
    EXPECT_EQ(texts.count(""), 0u);
    EXPECT_STREQ(text_of(static_cast<ExecError>(count)), "") << "not an error of this version";
}

TEST(ExecPlan, ALargeAlignmentIsKept) {
    Builder64 builder = pie(false);
    for (auto& segment : builder.segments) segment.alignment = 0x20'0000;
    Program const program = opened(builder);
    ExecRequest request = request_for(program, nullptr);
    request.program_shift = 3;
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan.value().program_bias % 0x20'0000, 0u);
    EXPECT_GE(plan.value().program_bias, request.program_base);
}

TEST(ExecPlan, AFixedVdsoLiesExactlyThere) {
    Program const program = opened(pie(false));
    ExecRequest request = request_for(program, nullptr);
    request.vdso_placement = VdsoPlacement::fixed;
    request.vdso = {0x4'0000'0000, 0x4'0000'2000};
    request.program_base = 0x4'0000'1000;
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan.value().vdso, 0x4'0000'0000u);
    AddressRange const program_range{plan.value().program_bias,
                                     plan.value().program_bias + program.end()};
    EXPECT_FALSE(program_range.overlaps(request.vdso)) << "the program goes elsewhere";
}

TEST(ExecPlan, WithoutAVdsoNoneIsPlaced) {
    Program const program = opened(pie(false));
    ExecRequest request = request_for(program, nullptr);
    request.vdso_placement = VdsoPlacement::none;
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan.value().vdso, 0u);
}

// A program at a fixed address, where it may not be.
TEST(ExecPlan, AProgramInTheWayIsRefusedWithItsHeader) {
    struct Row {
        char const* reason;
        u64 address;
        u64 size;
        ExecError error;
        u64 segment;
    };
    u64 const vdso = 0x4'0000'0000;
    Row const rows[] = {
        {"on the stack", stack.start + page, page, ExecError::program_overlaps_stack, 1},
        {"its last page is the stack's first", stack.start - page, 2 * page,
         ExecError::program_overlaps_stack, 1},
        {"around the whole stack", stack.start - page, stack.size() + 2 * page,
         ExecError::program_overlaps_stack, 1},
        {"its first page is the stack's last", stack.end - page, page,
         ExecError::program_overlaps_stack, 1},
        {"on the vDSO's code page", vdso, 1, ExecError::program_overlaps_vdso, 1},
        {"on the vDSO's time page", vdso + page, page, ExecError::program_overlaps_vdso, 1},
        {"around the vDSO", vdso - page, 4 * page, ExecError::program_overlaps_vdso, 1},
    };
    for (Row const& row : rows) {
        Builder64 builder = Builder64::ordinary();
        builder.segments.resize(1);
        builder.load(0, row.address, 0, row.size, flag::read | flag::write);
        builder.size = 0x1000;
        Program const program = opened(builder);
        ExecRequest request = request_for(program, nullptr);
        request.vdso_placement = VdsoPlacement::fixed;
        request.vdso = {vdso, vdso + 2 * page};
        auto const plan = plan_exec(request);
        ASSERT_FALSE(plan) << row.reason;
        EXPECT_EQ(plan.error(), (ExecFault{row.error, Builder64::header_at(row.segment)}))
            << row.reason << ": " << text_of(plan.error().error);
    }
}

TEST(ExecPlan, AProgramBesideWhatIsTakenIsNotRefused) {
    for (u64 const address : {stack.start - page, stack.end, u64{0x4'0000'2000},
                              u64{0x4'0000'0000} - page, u64{0x10000}}) {
        Builder64 builder;
        builder.load(0, address, 0x1000, 0x1000, flag::read | flag::execute);
        builder.header.entry = address;
        Program const program = opened(builder);
        ExecRequest request = request_for(program, nullptr);
        request.vdso_placement = VdsoPlacement::fixed;
        request.vdso = {0x4'0000'0000, 0x4'0000'2000};
        auto const plan = plan_exec(request);
        EXPECT_TRUE(plan) << address << ": " << text_of(plan.error().error);
    }
}

TEST(ExecPlan, WhatCannotBeMappedAtAllIsRefused) {
    Builder64 builder;
    builder.load(0, 0xf000, 0x1000, 0x1000, flag::read | flag::execute);
    builder.header.entry = 0xf000;
    Program const low = opened(builder);
    auto const plan = plan_exec(request_for(low, nullptr));
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error(), (ExecFault{ExecError::program_out_of_range, 64}))
        << "below the lowest address";
}

TEST(ExecPlan, AnInterpreterAtAFixedPlaceObeysTheSameRules) {
    Program const program = opened(pie(true));
    struct Row {
        char const* reason;
        u64 address;
        ExecError error;
    };
    Row const rows[] = {
        {"on the stack", stack.start, ExecError::interpreter_overlaps_stack},
        {"on the vDSO", 0x4'0000'1000, ExecError::interpreter_overlaps_vdso},
        {"on the program", 0x5555'5556'6000, ExecError::interpreter_overlaps_program},
        {"too low", 0x1000, ExecError::interpreter_out_of_range},
    };
    for (Row const& row : rows) {
        Builder64 builder;
        builder.load(0, row.address, 0x1000, 0x1000, flag::read | flag::execute);
        builder.header.entry = row.address;
        Program const interpreter = opened(builder);
        ExecRequest request = request_for(program, &interpreter);
        request.vdso_placement = VdsoPlacement::fixed;
        request.vdso = {0x4'0000'0000, 0x4'0000'2000};
        auto const plan = plan_exec(request);
        ASSERT_FALSE(plan) << row.reason;
        EXPECT_EQ(plan.error(), (ExecFault{row.error, 64})) << row.reason;
    }
}

TEST(ExecPlan, TheInterpreterMustBeTheOneThatTheProgramNames) {
    Program const with = opened(pie(true));
    Program const without = opened(pie(false));
    auto const missing = plan_exec(request_for(with, nullptr));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), (ExecFault{ExecError::missing_interpreter, 0}));
    auto const unexpected = plan_exec(request_for(without, &without));
    ASSERT_FALSE(unexpected);
    EXPECT_EQ(unexpected.error(), (ExecFault{ExecError::unexpected_interpreter, 0}));
}

TEST(ExecPlan, AFixedVdsoWithoutAPlaceIsRefused) {
    Program const program = opened(pie(false));
    AddressRange const places[] = {
        {stack.start, stack.start + 2 * page},  // the stack's
        {0x8000, 0xa000},                       // below what may be mapped
        {process_end - page, process_end + page},
        {0x20000, 0x20000},  // nothing
    };
    for (AddressRange const& place : places) {
        ExecRequest request = request_for(program, nullptr);
        request.vdso_placement = VdsoPlacement::fixed;
        request.vdso = place;
        auto const plan = plan_exec(request);
        ASSERT_FALSE(plan) << place.start;
        EXPECT_EQ(plan.error(), (ExecFault{ExecError::vdso_out_of_range, 0})) << place.start;
    }
}

TEST(ExecPlan, AProgramLargerThanTheRoomIsRefused) {
    Builder64 builder = pie(false);
    builder.load(0, 0x10'0000, 0, process_end - 0x20'0000, flag::read | flag::write);
    Program const program = opened(builder);
    auto const plan = plan_exec(request_for(program, nullptr));
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error(), (ExecFault{ExecError::no_room, 0}));
}

TEST(ExecPlan, AnAlignmentBeyondTheAddressSpaceIsNoRoomRatherThanAWrap) {
    for (u64 bit = 40; bit < 64; ++bit) {
        Builder64 builder = pie(false);
        builder.segments[0].alignment = u64{1} << bit;
        Program const program = opened(builder);
        auto const plan = plan_exec(request_for(program, nullptr));
        if (plan) {
            EXPECT_EQ(plan.value().program_bias % (u64{1} << bit), 0u);
            EXPECT_GE(plan.value().program_bias, 0x10000u);
            EXPECT_LE(plan.value().program_bias + program.end(), process_end);
        } else {
            EXPECT_EQ(plan.error(), (ExecFault{ExecError::no_room, 0})) << bit;
        }
    }
}

TEST(ExecPlan, NoEntropyLetsTwoThingsOverlapOrLeaveTheProcess) {
    std::mt19937_64 random(1);
    Program const program = opened(pie(true));
    Program const interpreter = opened(pie(false));
    for (u64 round = 0; round < 20'000; ++round) {
        ExecRequest request = request_for(program, &interpreter);
        // From a few bits to all 64: an entropy source that nobody masked.
        u64 const shift = round % 64;
        request.program_shift = random() >> shift;
        request.interpreter_shift = random() >> shift;
        request.vdso_shift = random() >> shift;
        request.heap_shift = random() >> shift;
        request.mapping_top = stack.start - (random() >> 20) / page * page % stack.start;
        auto const plan = plan_exec(request);
        if (!plan) {
            EXPECT_EQ(plan.error().error, ExecError::no_room);
            continue;
        }
        ExecPlan const& p = plan.value();
        AddressRange const ranges[] = {
            stack,
            {p.program_bias + program.start(), p.program_bias + program.end()},
            {p.interpreter_bias + interpreter.start(), p.interpreter_bias + interpreter.end()},
            {p.vdso, p.vdso + 2 * page}};
        for (AddressRange const& a : ranges) {
            EXPECT_EQ(a.start % page, 0u);
            EXPECT_GE(a.start, 0x10000u);
            EXPECT_LE(a.end, process_end);
            for (AddressRange const& b : ranges) EXPECT_TRUE(&a == &b || !a.overlaps(b)) << round;
        }
        EXPECT_GE(p.heap_start, ranges[1].end);
        EXPECT_LE(p.heap_start, process_end);
    }
}

}  // namespace
}  // namespace vdsokit::test
