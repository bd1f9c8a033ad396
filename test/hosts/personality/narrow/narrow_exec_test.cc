// SPDX-License-Identifier: BSD-2-Clause
// What a 32-bit program finds when it starts. Each test runs in a program of its own.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "guest.h"
#include "linux_narrow.h"

#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality {
namespace {

constexpr u64 four_gib = u64{1} << 32;

std::string text_at(Guest& guest, Thread& thread, u64 at) {
    std::string text;
    for (char byte = guest.peek<char>(thread, at); byte != 0; byte = guest.peek<char>(thread, ++at))
        text += byte;
    return text;
}

TEST(NarrowExec, starts_in_the_state_that_bit_0_of_the_entry_says) {
    Guest guest;
    guest.run_narrow();
    host::Registers const& registers = guest.first().registers();
    EXPECT_EQ(registers.pc, read_only_page + 0x100);
    EXPECT_EQ(registers.pstate, 0x30u) << "AArch32, Thumb";
    EXPECT_EQ(registers.x[13] % 16, 0u);
    EXPECT_LT(registers.x[13], helper_address);
    EXPECT_EQ(registers.x[0], 0u);
    EXPECT_TRUE(guest.first().process().is_narrow());
}

TEST(NarrowExec, writes_words_of_32_bits_on_the_stack) {
    Guest guest;
    guest.run_narrow();
    Thread& thread = guest.first();
    u64 at = thread.registers().x[13];
    EXPECT_EQ(guest.peek<u32>(thread, at), 1u) << "argc";
    EXPECT_EQ(text_at(guest, thread, guest.peek<u32>(thread, at + 4)), "/narrow");
    EXPECT_EQ(guest.peek<u32>(thread, at + 8), 0u) << "the end of argv";
    EXPECT_EQ(guest.peek<u32>(thread, at + 12), 0u) << "the end of envp";
    std::map<u32, u32> auxv;
    for (at += 16; guest.peek<u32>(thread, at) != 0; at += 8)
        auxv[guest.peek<u32>(thread, at)] = guest.peek<u32>(thread, at + 4);
    EXPECT_EQ(auxv[16], 0x8006u) << "AT_HWCAP is arm's";
    EXPECT_EQ(text_at(guest, thread, auxv[15]), "v8l");
    EXPECT_EQ(auxv[9], read_only_page + 0x101) << "AT_ENTRY as the file has it";
    EXPECT_EQ(auxv[4], 32u) << "AT_PHENT";
    EXPECT_EQ(auxv.count(51), 0u) << "arm has no AT_MINSIGSTKSZ";
}

TEST(NarrowExec, maps_the_helpers_where_programs_for_old_CPUs_call_them) {
    Guest guest;
    guest.run_narrow();
    Thread& thread = guest.first();
    Memory& memory = thread.process().memory();
    EXPECT_EQ(guest.peek<u32>(thread, 0xffff'0ffc), 5u) << "as many helpers";
    EXPECT_EQ(guest.peek<u32>(thread, 0xffff'0fe0), 0xee1d'0f70u) << "mrc of the thread pointer";
    // Each of the three others jumps into a body.
    for (u32 const entry : {0xf60u, 0xfa0u, 0xfc0u}) {
        u32 const word = guest.peek<u32>(thread, helper_address + entry);
        ASSERT_EQ(word >> 24, 0xeau) << "b";
        i32 const distance = static_cast<i32>(word << 8) >> 6;
        EXPECT_LT(static_cast<u32>(static_cast<i32>(entry) + 8 + distance),
                  sizeof(arch::narrow::helper_bodies));
    }
    auto const mapped = memory.space().lookup({helper_address});
    EXPECT_EQ(mapped.access, Access::read_execute);
    constexpr u64 munmap = 91, mprotect = 125;
    EXPECT_EQ(guest.narrow_call(thread, munmap, helper_address, 4096), negative(Errno::inval));
    EXPECT_EQ(guest.narrow_call(thread, mprotect, helper_address, 4096, 3), negative(Errno::nomem));
}

TEST(NarrowExec, leaves_nothing_at_or_above_four_gib) {
    Guest guest;
    guest.run_narrow();
    Memory& memory = guest.first().process().memory();
    u64 last = 0;
    for (Region const* region = memory.region_above(0); region != nullptr;
         region = memory.region_above(region->end))
        last = region->end;
    EXPECT_EQ(last, helper_address + page_size);
    EXPECT_LT(last, four_gib);
}

TEST(NarrowExec, is_refused_by_a_host_that_cannot_run_such_programs) {
    Guest guest;
    host::fake_host().cpu.runs_narrow = false;
    EXPECT_EQ(guest.run_narrow(), negative(Errno::noexec));
    EXPECT_FALSE(guest.first().process().is_narrow()) << "and the process goes on";
}

TEST(NarrowExec, leads_back_to_a_64_bit_program) {
    Guest guest;
    guest.run_narrow();
    Thread& thread = guest.first();
    guest.poke(thread, data_start, "/init");
    u32 const arguments[] = {data_start, 0};
    guest.poke(thread, data_start + 64, arguments);
    constexpr u64 execve = 11;
    guest.narrow_call(thread, execve, data_start, data_start + 64, data_start + 68);
    EXPECT_FALSE(thread.process().is_narrow());
    EXPECT_EQ(thread.registers().pstate, 0u);
    EXPECT_GT(thread.registers().sp, four_gib);
    EXPECT_EQ(guest.peek<u64>(thread, thread.registers().sp), 1u) << "argc";
    EXPECT_EQ(text_at(guest, thread, guest.peek<u64>(thread, thread.registers().sp + 8)), "/init");
}

TEST(NarrowExec, counts_calls_under_arms_names) {
    Guest guest;
    guest.run_narrow();
    Thread& thread = guest.first();
    constexpr u64 clock_gettime64 = 403, set_tls = 0xf'0005, exit_group = 248;
    guest.narrow_call(thread, clock_gettime64, 1, data_start);
    guest.narrow_call(thread, set_tls, 0x1234);
    guest.narrow_call(thread, 398);
    Thread& child = *Thread::find(static_cast<i32>(guest.narrow_call(thread, 2)));
    guest.narrow_call(child, exit_group, 3);
    // The child has counted its own call alone.
    EXPECT_NE(guest.errors().find("gettimeofday=0 clock_gettime=0 clock_getres=0 "
                                  "clock_gettime64=0 clock_getres_time64=0 exit_group=1"),
              std::string::npos)
        << guest.errors();
    EXPECT_EQ(thread.process().counts[clock_gettime64], 1u);
}

}  // namespace
}  // namespace vdsokit::personality
