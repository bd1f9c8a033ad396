// SPDX-License-Identifier: BSD-2-Clause
// The built image of this machine's CPU, mapped as a host maps it and called as a process does: what
// its own assembly computes, against the arithmetic that every host answers from.
#include "cpu.h"
#include "cpu_number.h"

#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <ctime>
#include <random>

#include <gtest/gtest.h>

#include "abi/conversion.h"
#include "abi/shared.h"
#include "hosts/linux/cpu_source.h"
#include "kit/time/time_page_writer.h"
#include "tool/bench/own_image.h"
#include "tool/run/embedded_image.h"

namespace vdsokit {
namespace {

using ClockFunction = int(u32, timespec*);
using DayFunction = int(timeval*, void*);
using TimeFunction = time_t(time_t*);
using CpuFunction = int(unsigned*, unsigned*, void*);

constexpr u32 monotonic = 1;
constexpr u32 realtime = 0;

class NativeImage : public testing::Test {
protected:
    NativeImage() : image_(tool::embedded_image(), "the image", kernel_) {
        writer_.attach(image_.page());
    }

    template <class Function>
    Function* find(char const* name) const {
        return reinterpret_cast<Function*>(image_.functions().find(name));
    }

    void publish(u32 clock, abi::ClockMode mode, abi::LineValues const& values) {
        kit::LineContents contents{};
        contents.of[clock] = {.mode = mode, .values = values};
        writer_.lock(1u << clock);
        writer_.unlock(1u << clock, contents);
    }

    abi::TimePage& page() { return image_.page(); }

private:
    bench::VdsoFunctions kernel_ = bench::VdsoFunctions::of_kernel();
    bench::OwnImage image_;
    kit::TimePageWriter writer_;
};

// Seconds wrap, and so does the comparison.
__extension__ using u128 = unsigned __int128;
u128 whole(i64 seconds, u64 part, u64 units) {
    return static_cast<u128>(static_cast<u64>(seconds)) * units + part;
}

TEST_F(NativeImage, ComputesWhatEveryHostComputesWhateverTheLineSays) {
    auto* const gettime = find<ClockFunction>("clock_gettime");
    auto* const gettimeofday = find<DayFunction>("gettimeofday");
    std::mt19937_64 random(1);
    for (int i = 0; i < 200'000; ++i) {
        Cycles const here = arch::read_counter(CounterKind::virtual_count);
        u64 const back = random() >> (random() % 64);
        abi::LineValues const values{
            .cycle_last = here.value - back,
            .mult = random() >> (random() % 64),
            // Often so near the next second that the sum carries.
            .base_fraction = i % 2 == 0 ? random() : ~u64{0} - (random() >> 40),
            .base_seconds = static_cast<i64>(random() >> (random() % 64)),
            .shift = static_cast<u32>(random() % 64)};
        u32 const clock = i % 3 == 0 ? realtime : monotonic;
        publish(clock, abi::ClockMode::counter, values);
        Cycles const before = arch::read_counter(CounterKind::virtual_count);
        timespec time{};
        timeval day{};
        int const status = clock == realtime ? gettimeofday(&day, nullptr) : gettime(clock, &time);
        Cycles const after = arch::read_counter(CounterKind::virtual_count);
        ASSERT_EQ(status, 0);
        // The elapsed count may wrap in between, at this shift: then there is no order to check.
        u64 const first = (before.value - values.cycle_last) << values.shift;
        u64 const last = (after.value - values.cycle_last) << values.shift;
        if (last < first || (after.value - before.value) >> (64 - values.shift - 1) > 1) continue;
        u64 const units =
            clock == realtime ? abi::microseconds_per_second : abi::nanoseconds_per_second;
        auto const at = [&](Cycles counter) {
            abi::Instant const instant = abi::instant_at(values, counter);
            return whole(instant.seconds, abi::units_of(instant.fraction, units), units);
        };
        u128 const answered = clock == realtime
                                  ? whole(day.tv_sec, static_cast<u64>(day.tv_usec), units)
                                  : whole(time.tv_sec, static_cast<u64>(time.tv_nsec), units);
        u128 const span = static_cast<u128>(1) << 64;
        u128 const modulus = span * units;
        u128 const past = (answered + modulus - at(before)) % modulus;
        u128 const room = (at(after) + modulus - at(before)) % modulus;
        ASSERT_LE(past, room) << "line " << i << ", shift " << values.shift;
    }
}

TEST_F(NativeImage, AnswersFromAStandingLineToTheLastUnit) {
    // mult 0: the counter adds nothing.
    abi::LineValues const values{.cycle_last = 5,
                                 .mult = 0,
                                 .base_fraction = 0x8000'0000'0000'0000,
                                 .base_seconds = 1'234'567'890'123,
                                 .shift = 1};
    publish(monotonic, abi::ClockMode::counter, values);
    publish(realtime, abi::ClockMode::counter, values);
    timespec time{};
    ASSERT_EQ(find<ClockFunction>("clock_gettime")(monotonic, &time), 0);
    EXPECT_EQ(time.tv_sec, 1'234'567'890'123);
    EXPECT_EQ(time.tv_nsec, 500'000'000);
    timeval day{};
    ASSERT_EQ(find<DayFunction>("gettimeofday")(&day, nullptr), 0);
    EXPECT_EQ(day.tv_sec, 1'234'567'890'123);
    EXPECT_EQ(day.tv_usec, 500'000);
}

// Whatever is no line of this version in this mode: the kernel's time, not the line's.
TEST_F(NativeImage, MakesTheSystemCallOnLinesThatItDoesNotServe) {
    abi::LineValues const values{
        .cycle_last = 0, .mult = 0, .base_fraction = 0, .base_seconds = 7'000'000'000, .shift = 0};
    u32 const good = abi::state_of(abi::ClockMode::counter);
    struct {
        u32 state;
        u32 sequence;
        char const* reason;
    } const table[] = {{abi::state_of(abi::ClockMode::none), 2, "nothing published"},
                       {good | abi::state_locked, 3, "being written, for good"},
                       {good | abi::state_locked, 2, "locked, and the count not yet odd"},
                       {good, 3, "an odd count, whatever the state"},
                       {good + 0x10, 2, "another version"},
                       {good ^ 0x100, 2, "another magic"},
                       {good | 0x8000'0000, 2, "a bit beyond the magic"},
                       {0, 0, "zeroes"}};
    for (auto const& row : table) {
        publish(monotonic, abi::ClockMode::counter, values);
        abi::store_shared(page().clocks[monotonic].sequence, row.sequence);
        abi::store_shared(page().clocks[monotonic].state, row.state);
        timespec before{};
        timespec time{};
        syscall(SYS_clock_gettime, monotonic, &before);
        EXPECT_EQ(find<ClockFunction>("clock_gettime")(monotonic, &time), 0) << row.reason;
        EXPECT_GE(time.tv_sec, before.tv_sec) << row.reason;
        EXPECT_LE(time.tv_sec, before.tv_sec + 1000) << row.reason;
    }
}

TEST_F(NativeImage, KnowsItsCpuFromEverySource) {
    auto* const getcpu = find<CpuFunction>("getcpu");
    if (getcpu == nullptr) GTEST_SKIP() << "this CPU's vDSO has no getcpu";
    std::vector<abi::CpuSource> sources{abi::CpuSource::system_call, abi::CpuSource::chained,
                                        on_linux::cpu_source()};
    if (arch::has_cpu_segment) sources.push_back(abi::CpuSource::cpu_segment);
    cpu_set_t all;
    CPU_ZERO(&all);
    ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
    for (int number = 0; number < CPU_SETSIZE; ++number) {
        if (!CPU_ISSET(number, &all)) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(number, &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        unsigned expected_cpu = 0;
        unsigned expected_node = 0;
        syscall(SYS_getcpu, &expected_cpu, &expected_node, nullptr);
        for (abi::CpuSource const source : sources) {
            abi::store_shared(page().header.cpu_source, static_cast<u32>(source));
            unsigned cpu = 77;
            unsigned node = 77;
            EXPECT_EQ(getcpu(&cpu, &node, nullptr), 0);
            EXPECT_EQ(cpu, expected_cpu) << "source " << static_cast<u32>(source);
            EXPECT_EQ(node, expected_node) << "source " << static_cast<u32>(source);
            EXPECT_EQ(getcpu(nullptr, nullptr, nullptr), 0);
        }
    }
    sched_setaffinity(0, sizeof all, &all);
}

}  // namespace
}  // namespace vdsokit
