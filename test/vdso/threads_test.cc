// SPDX-License-Identifier: BSD-2-Clause
// Readers on every CPU against a writer that publishes as fast as it can, with the real counter.
// A mix of two publishes would be off by whole years; time that goes back is seen by each thread.
#include "vdso/clock_gettime.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "kit/time/time_page_writer.h"

namespace vdsokit::vdso {
namespace {

constexpr u32 clock = 1;

// Time is the counter itself in units of 2^-32 s, whatever base and shift a publish chooses: the
// same clock in many disguises.
abi::LineValues disguise(Cycles now, u32 round) {
    u32 const shift = round % 5;
    u64 const back = (u64{round} * 7919) % 100'000;  // the base lies this many cycles back
    u64 const base = now.value - back;
    return {.cycle_last = base,
            .mult = u64{1} << (63 - shift),  // half a unit a cycle
            .base_fraction = (base >> 1) << 32 | (base & 1) << 31,
            .base_seconds = static_cast<i64>(base >> 33),
            .shift = shift};
}

TEST(Threads, SeeNoMixOfTwoPublishesAndNoTimeThatGoesBack) {
    static abi::TimePage page = abi::unpublished_page();
    kit::TimePageWriter writer;
    writer.attach(page);
    kit::LineContents contents{};
    auto const publish = [&](u32 round) {
        writer.lock(1u << clock);
        Cycles const now = arch::read_counter(CounterKind::virtual_count);
        contents.of[clock] = {.mode = abi::ClockMode::counter, .values = disguise(now, round)};
        writer.unlock(1u << clock, contents);
    };
    publish(0);

    std::atomic<bool> stop = false;
    std::atomic<u64> readings = 0;
    std::atomic<u64> backward = 0;
    std::atomic<u64> mixed = 0;
    auto const read = [&] {
        Timespec last{};
        u64 count = 0;
        while (!stop.load(std::memory_order_relaxed)) {
            Cycles const before = arch::read_counter(CounterKind::virtual_count);
            Reading reading{};
            // The fast path first, like the exported function.
            bool const fast = try_counter(page.clocks[clock], abi::nanoseconds_per_second, reading);
            if (!fast &&
                !read_patiently(page.clocks[clock], clock, abi::nanoseconds_per_second, reading))
                continue;
            Cycles const after = arch::read_counter(CounterKind::virtual_count);
            auto const at_least = static_cast<i64>(before.value >> 33);
            auto const at_most = static_cast<i64>(after.value >> 33);
            if (reading.seconds < at_least || reading.seconds > at_most) mixed += 1;
            Timespec const time{reading.seconds, static_cast<i64>(reading.part)};
            if (time.seconds < last.seconds ||
                (time.seconds == last.seconds && time.nanoseconds < last.nanoseconds))
                backward += 1;
            last = time;
            ++count;
        }
        readings += count;
    };
    std::vector<std::thread> threads;
    u32 const cpus = std::max(2u, std::thread::hardware_concurrency());
    for (u32 i = 0; i < cpus; ++i) threads.emplace_back(read);
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    u32 rounds = 0;
    while (std::chrono::steady_clock::now() < end) publish(++rounds);
    stop = true;
    for (std::thread& thread : threads) thread.join();

    EXPECT_EQ(mixed, 0u);
    EXPECT_EQ(backward, 0u);
    EXPECT_GT(readings, 1000u);
    EXPECT_GT(rounds, 1000u);
}

// The system call and the page answer alike where nothing is published: the real kernel's answer.
TEST(RealKernel, AnswersWhatThePageDoesNot) {
    static abi::TimePage const page = abi::unpublished_page();
    Timespec time{};
    EXPECT_EQ(read_clock_gettime(page, clock, &time), 0);
    EXPECT_GT(time.seconds, 0);
    EXPECT_EQ(read_clock_gettime(page, 0x7fff'ffff, &time), -22) << "a negative errno";
    EXPECT_EQ(read_clock_gettime(page, 2, &time), 0) << "process CPU time";
}

}  // namespace
}  // namespace vdsokit::vdso
