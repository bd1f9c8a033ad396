// SPDX-License-Identifier: BSD-2-Clause
// Clocks that are chained to another vDSO: what that one says, plus the line's base.
#include "test/support/chain_page.h"
#include "test/vdso/harness.h"
#include "vdso/clock_gettime.h"
#include "vdso/gettimeofday.h"

namespace vdsokit::vdso {
namespace {

// The other vDSO: answers `said`, or fails with `error`.
struct Other {
    Timespec said{1000, 999'999'000};
    i32 error = 0;
    u32 asked_for = ~0u;
    u32 calls = 0;
    void (*meanwhile)() = nullptr;  // once, inside the first call
} other;

i32 answer_of_other(u32 clock, Timespec* time) {
    other.asked_for = clock;
    if (other.calls++ == 0 && other.meanwhile != nullptr) other.meanwhile();
    if (other.error == 0) *time = other.said;
    return other.error;
}

class ChainedTest : public ReaderTest {
protected:
    ChainedTest() {
        other = {};
        test::chain_page = {.magic = abi::chain_magic,
                            .clock_gettime = test::chained_to(&answer_of_other),
                            .clock_getres = 0,
                            .getcpu = 0,
                            .getrandom = 0};
        for (u32 const id : page_clocks) {
            page.clocks[id] = {};
            page.clocks[id].state = abi::state_of(abi::ClockMode::chained);
        }
    }
    ~ChainedTest() override { test::chain_page = {}; }

    // Half a second and a year: exact in units of 2^-64 s.
    void offset_realtime() {
        page.clocks[0].base_seconds = 31'536'000;
        page.clocks[0].base_fraction = u64{1} << 63;
    }
};

TEST_F(ChainedTest, AClockWithoutBaseSaysWhatTheOtherSays) {
    for (u32 const id : page_clocks) {
        Timespec time{};
        EXPECT_EQ(read_clock_gettime(page, id, &time), 0) << id;
        EXPECT_EQ(other.asked_for, id);
        EXPECT_EQ(time.seconds, other.said.seconds) << id;
        EXPECT_EQ(time.nanoseconds, other.said.nanoseconds) << id;
    }
}

TEST_F(ChainedTest, TheBaseGoesOnTopAndNanosecondsCarry) {
    offset_realtime();
    Timespec time{};
    EXPECT_EQ(read_clock_gettime(page, 0, &time), 0);
    EXPECT_EQ(time.seconds, 1000 + 31'536'000 + 1);
    EXPECT_EQ(time.nanoseconds, 499'999'000);
}

TEST_F(ChainedTest, GettimeofdayAnswersInMicroseconds) {
    offset_realtime();
    Timeval time{};
    EXPECT_EQ(read_gettimeofday(page, &time, nullptr), 0);
    EXPECT_EQ(time.seconds, 1000 + 31'536'000 + 1);
    EXPECT_EQ(time.microseconds, 499'999);
}

// A whole write while the other is asked: what it said is not put on top of the old base.
TEST_F(ChainedTest, ABaseThatChangesMeanwhileIsReadAgain) {
    static abi::TimePage* written;
    written = &page;
    page.clocks[0].base_seconds = 1;
    other.meanwhile = [] {
        other.said.seconds = 5000;  // what the first call says
        written->clocks[0].base_seconds = 2;
        written->clocks[0].sequence += 2;
    };
    u64 const system_calls = arch::fake_kernel.calls;
    Timespec time{};
    EXPECT_EQ(read_clock_gettime(page, 0, &time), 0);
    EXPECT_EQ(time.seconds, 5000 + 2);
    EXPECT_EQ(other.calls, 2U);
    EXPECT_EQ(arch::fake_kernel.calls, system_calls);
}

struct NoAnswerRow {
    void (*spoil)();
    char const* reason;
};

TEST_F(ChainedTest, WithoutAnAnswerOfTheOtherTheSystemCallIsMade) {
    NoAnswerRow const rows[] = {
        {[] { test::chain_page.magic = 0; }, "no chain page"},
        {[] { test::chain_page.clock_gettime = 0; }, "the other has no such function"},
        {[] { other.error = -22; }, "the other refuses"},
    };
    for (NoAnswerRow const& row : rows) {
        test::chain_page.magic = abi::chain_magic;
        test::chain_page.clock_gettime = test::chained_to(&answer_of_other);
        row.spoil();
        u64 const calls = arch::fake_kernel.calls;
        Timespec time{};
        read_clock_gettime(page, 0, &time);
        EXPECT_EQ(arch::fake_kernel.calls, calls + 1) << row.reason;
    }
}

}  // namespace
}  // namespace vdsokit::vdso
