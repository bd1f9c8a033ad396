// SPDX-License-Identifier: BSD-2-Clause
// execve with too little memory, at every point in turn: the caller goes on as it was.
#include <gtest/gtest.h>

#include "guest.h"

#include "test/hosts/personality/memory/maps_of.h"

namespace vdsokit::personality {
namespace {

constexpr u64 execve_number = 221;
constexpr u64 path_at = data_start;
constexpr u64 argv_at = data_start + 64;
constexpr u64 envp_at = data_start + 128;

// Process 1 with a path and arguments for itself in its memory.
class ExecShortage : public testing::Test {
protected:
    ExecShortage() {
        Thread& first = guest.first();
        EXPECT_TRUE(first.process().memory().copy_out({path_at}, "/init", 6));
        guest.poke(first, argv_at, path_at);
        guest.poke(first, argv_at + 8, u64{0});
        guest.poke(first, envp_at, u64{0});
    }
    i64 execute() { return guest.call(guest.first(), execve_number, path_at, argv_at, envp_at); }
    Guest guest;
};

TEST_F(ExecShortage, EveryFailureLeavesTheCallerAndItsMemoryAsTheyWere) {
    Thread& first = guest.first();
    guest.call(first, nr::getpid);
    Memory* const memory = &first.process().memory();
    std::string const before = maps_of(*memory);
    u64 const used = host::fake_host().frames_used;
    u64 const total = host::fake_host().frames_total;
    u64 refused = 0;
    for (u64 spare = 0; spare < 200; ++spare) {
        SCOPED_TRACE(spare);
        host::fake_host().frames_total = used + spare;
        u64 const pc = first.registers().pc;
        i64 const result = execute();
        bool const done = &first.process().memory() != memory;
        host::fake_host().frames_total = total;
        if (done) break;
        refused += 1;
        ASSERT_EQ(result, negative(Errno::nomem));
        EXPECT_EQ(first.registers().pc, pc + 4) << "it goes on behind the call";
        guest.call(first, nr::getpid);
        EXPECT_EQ(host::fake_host().frames_used, used);
        EXPECT_EQ(maps_of(*memory), before);
    }
    EXPECT_GE(refused, 4u) << "page tables, pages, objects";
    EXPECT_EQ(first.registers().pc, read_only_page + 0x100) << "at last it is the new program";
    u64 argument_count = 0;
    ASSERT_TRUE(first.process().memory().load(argument_count, {first.registers().sp}));
    EXPECT_EQ(argument_count, 1u);
}

TEST_F(ExecShortage, AHundredExecsKeepNothing) {
    execute();
    guest.call(guest.first(), nr::getpid);
    u64 used = 0;
    for (u64 round = 0; round < 100; ++round) {
        Thread& first = guest.first();
        ASSERT_TRUE(first.process().memory().copy_out({path_at}, "/init", 6));
        guest.poke(first, argv_at, path_at);
        guest.poke(first, argv_at + 8, u64{0});
        execute();
        guest.call(guest.first(), nr::getpid);
        if (round == 0) used = host::fake_host().frames_used;
        // Now and then the strings lie across one page more.
        EXPECT_LE(host::fake_host().frames_used, used + 1);
    }
}

TEST_F(ExecShortage, TheAuxiliaryVectorIsWhatTheStackSays) {
    execute();
    Process& process = guest.first().process();
    u64 words = 0;
    u64 const* const auxv = process.auxv(words);
    u64 at = guest.first().registers().sp + 8 + 8 + 8 + 8;  // argc, argv[0], 0, 0
    ASSERT_GT(words, 30u);
    for (u64 i = 0; i < words; ++i) {
        u64 on_stack = 0;
        ASSERT_TRUE(process.memory().load(on_stack, {at + i * 8}));
        EXPECT_EQ(on_stack, auxv[i]) << i;
    }
    EXPECT_EQ(auxv[words - 2], 0u) << "AT_NULL";
}

}  // namespace
}  // namespace vdsokit::personality
