// SPDX-License-Identifier: BSD-2-Clause
#include "vdso/gettimeofday.h"

#include <cerrno>

#include "test/vdso/harness.h"

namespace vdsokit::vdso {
namespace {

using abi::ClockMode;
using abi::state_of;

class Gettimeofday : public ReaderTest {
protected:
    Gettimeofday() {
        publish(ClockMode::counter);
        arch::fake.counter = 1000 + 2 * frequency + frequency / 4;
        page.header.timezone_minutes_west = -60;
        page.header.timezone_dst = 1;
        page.header.timezone_is_set = 1;
    }

    void expect_realtime() {
        abi::Instant const instant = expected(page.clocks[0], arch::fake.counter);
        EXPECT_EQ(time.seconds, instant.seconds);
        EXPECT_EQ(time.microseconds, abi::units_of(instant.fraction, abi::microseconds_per_second));
    }
    void expect_zone() {
        EXPECT_EQ(zone.minutes_west, -60);
        EXPECT_EQ(zone.dst, 1);
    }
    void expect_untouched() {
        EXPECT_EQ(time.seconds, -1);
        EXPECT_EQ(zone.minutes_west, -7) << "the one system call answers both";
    }
    void expect_fallback(Timeval* first, Timezone* second) {
        EXPECT_EQ(arch::fake_kernel.calls, 1u);
        EXPECT_EQ(arch::fake_kernel.number, arch::call::gettimeofday);
        EXPECT_EQ(arch::fake_kernel.first, reinterpret_cast<u64>(first));
        EXPECT_EQ(arch::fake_kernel.second, reinterpret_cast<u64>(second));
        expect_untouched();
    }

    Timeval time{-1, -1};
    Timezone zone{-7, -7};
};

TEST_F(Gettimeofday, IsTheRealtimeClockInMicroseconds) {
    EXPECT_EQ(read_gettimeofday(page, &time, nullptr), 0);
    expect_realtime();
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

// gVisor answers zeros for the zone, nanos ignores the pointer.
TEST_F(Gettimeofday, CopiesTheZoneFromThePage) {
    EXPECT_EQ(read_gettimeofday(page, &time, &zone), 0);
    expect_realtime();
    expect_zone();
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(Gettimeofday, AnswersTheZoneAlone) {
    EXPECT_EQ(read_gettimeofday(page, nullptr, &zone), 0);
    expect_zone();
    page.clocks[0].state |= abi::state_locked;
    zone = {};
    EXPECT_EQ(read_gettimeofday(page, nullptr, &zone), 0);
    expect_zone();
    EXPECT_EQ(arch::fake_kernel.calls, 0u) << "the zone has no lock";
}

TEST_F(Gettimeofday, OfAPageThatIsWithdrawnEvenTheZoneAloneIsTheKernels) {
    page.clocks[0].state = state_of(ClockMode::none);
    EXPECT_EQ(read_gettimeofday(page, nullptr, &zone), 0);
    expect_fallback(nullptr, &zone);
}

TEST_F(Gettimeofday, AcceptsTwoNullPointers) {
    EXPECT_EQ(read_gettimeofday(page, nullptr, nullptr), 0);
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(Gettimeofday, AZoneThatNobodySetIsTheKernelsWithTheTime) {
    page.header.timezone_is_set = 0;
    EXPECT_EQ(read_gettimeofday(page, &time, &zone), 0);
    expect_fallback(&time, &zone);
}

TEST_F(Gettimeofday, AClockThatCannotBeReadIsTheKernelsWithTheZone) {
    struct Case {
        u32 state;
        char const* reason;
    };
    constexpr Case cases[] = {
        {state_of(ClockMode::none), "nothing published"},
        {state_of(ClockMode::counter) | abi::state_locked, "the publisher died inside"},
        {state_of(ClockMode::counter) + (1 << 4), "another version: its zone is not read either"},
        {state_of(ClockMode{7}), "a mode of a later host"},
        {0, "a page of zeros"},
    };
    for (Case const& c : cases) {
        SCOPED_TRACE(c.reason);
        page.clocks[0].state = c.state;
        arch::fake_kernel = {};
        EXPECT_EQ(read_gettimeofday(page, &time, &zone), 0);
        expect_fallback(&time, &zone);
        arch::fake_kernel = {};
        EXPECT_EQ(read_gettimeofday(page, &time, nullptr), 0);
        expect_fallback(&time, nullptr);
    }
}

// OSv returns -1, elsewhere errors were swallowed.
TEST_F(Gettimeofday, ReturnsWhatTheKernelReturned) {
    page.clocks[0].state = state_of(ClockMode::none);
    arch::fake_kernel.answer = -EFAULT;
    EXPECT_EQ(read_gettimeofday(page, &time, nullptr), -EFAULT);
    EXPECT_EQ(read_gettimeofday(page, &time, &zone), -EFAULT);
}

TEST_F(Gettimeofday, AnswersInTheOtherModesToo) {
    page.clocks[0].state = state_of(ClockMode::held);
    EXPECT_EQ(read_gettimeofday(page, &time, &zone), 0);
    EXPECT_EQ(time.seconds, page.clocks[0].base_seconds);
    EXPECT_EQ(time.microseconds, 125'000);

    page.clocks[0].state = state_of(ClockMode::physical_counter);
    arch::fake.physical_ahead = 10 * frequency;
    EXPECT_EQ(read_gettimeofday(page, &time, nullptr), 0);
    EXPECT_EQ(time.seconds, 1'000'012);

    page.clocks[0].state = state_of(ClockMode::direct);
    arch::fake.frequency = 1'000'000'000;
    arch::fake.counter = 5'123'456'789;
    EXPECT_EQ(read_gettimeofday(page, &time, nullptr), 0);
    EXPECT_EQ(time.seconds, 5);
    EXPECT_EQ(time.microseconds, 123'456) << "microseconds are cut off, not rounded";
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

}  // namespace
}  // namespace vdsokit::vdso
