// SPDX-License-Identifier: BSD-2-Clause
// The page against the system call, with a writer inside each step of a reader and a reader inside
// each step of a writer. The reader is the vDSO's own code.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "host.h"

namespace vdsokit::test {
namespace {

struct Change {
    char const* name;
    std::function<void(Host&)> apply;
    bool may_set_realtime_back = false;
};

std::vector<Change> const changes = {
    {"tick", [](Host& host) { host.keeper.tick(); }},
    {"slow down", [](Host& host) { (void)host.keeper.slew_frequency({-500'000}); }},
    {"speed up", [](Host& host) { (void)host.keeper.slew_frequency({500'000}); }},
    {"slew ahead", [](Host& host) { (void)host.keeper.slew_offset({1'000'000'000}); }},
    {"slew back", [](Host& host) { (void)host.keeper.slew_offset({-1'000'000'000}); }},
    {"step ahead",
     [](Host& host) {
         (void)host.keeper.step_realtime({1'900'000'000, 1});
     }},
    {"step back",
     [](Host& host) {
         (void)host.keeper.step_realtime({1'000'000'000, 1});
     },
     true},
    {"TAI offset", [](Host& host) { (void)host.keeper.set_tai_offset(37); }},
    {"sleep", [](Host& host) { (void)host.keeper.add_suspend({5'000'000'000}); }},
    {"another counter",
     [](Host& host) {
         (void)host.keeper.change_clocksource({62'500'000, 56, CounterKind::physical_count});
     }},
    {"withdraw and publish",
     [](Host& host) {
         host.keeper.withdraw();
         host.keeper.publish();
     }},
    {"withdraw", [](Host& host) { host.keeper.withdraw(); }},
};

bool is_realtime(ClockId clock) {
    return clock == ClockId::realtime || clock == ClockId::realtime_coarse || clock == ClockId::tai;
}

// The fake's hook takes no argument: what it does is here. Each step of either side takes a
// millisecond until step `at`, counted from 0; there `act` runs, its own steps unhooked. Then time
// stands still, so that what is read afterwards must not be less by any rate.
struct Interruption {
    int at = -1;
    int steps = 0;
    std::function<void()> act;
};
Interruption interruption;

void on_step(arch::Step) {
    if (interruption.steps <= interruption.at) arch::fake.counter += 1'000'003;
    if (interruption.steps++ != interruption.at) return;
    arch::fake.hook = nullptr;
    interruption.act();
    arch::fake.hook = on_step;
}

// True if the run was long enough to be interrupted at step `at`.
bool run_interrupted(int at, std::function<void()> act, std::function<void()> const& run) {
    interruption = {at, 0, std::move(act)};
    arch::fake.hook = on_step;
    run();
    arch::fake.hook = nullptr;
    return interruption.steps > at;
}

HostOptions options(u64 tick) {
    return {.frequency = 1'000'000'000, .tick_nanoseconds = tick, .counter_at_start = 1'000'000};
}

// As programs do: what the page does not answer, the system call does.
Timespec read_clock(Host const& host, ClockId clock) {
    return host.vdso(clock).value_or(Timespec{-1, 0}).seconds == -1 ? host.call(clock)
                                                                    : *host.vdso(clock);
}

TEST(Page, AReaderInterruptedByAnyChangeReadsATimeBetweenTheSystemCallsAroundIt) {
    int runs = 0;
    for (u64 const tick : {u64{0}, u64{1'000'000}}) {
        for (Change const& change : changes) {
            for (ClockId const clock : all_clocks) {
                for (int at = 0;; ++at) {
                    Host host(options(tick));
                    Host::pass(123'456'789);
                    Timespec const before = host.call(clock);
                    std::optional<Timespec> seen;
                    bool const interrupted = run_interrupted(
                        at, [&] { change.apply(host); }, [&] { seen = host.vdso(clock); });
                    if (!interrupted) break;
                    ++runs;
                    Timespec const after = host.call(clock);
                    if (!seen) {
                        EXPECT_EQ(std::string(change.name), "withdraw");
                        continue;
                    }
                    std::string const where = std::string(change.name) + ", clock " +
                                              std::to_string(static_cast<u32>(clock)) + ", step " +
                                              std::to_string(at);
                    ASSERT_LE(*seen, before < after ? after : before) << where;
                    if (!change.may_set_realtime_back || !is_realtime(clock)) {
                        ASSERT_LE(before, after) << where;
                        ASSERT_LE(before, *seen) << where;
                    } else {
                        // Either wholly before the step or wholly after it.
                        ASSERT_TRUE(*seen >= before || seen->seconds <= after.seconds) << where;
                    }
                }
            }
        }
    }
    EXPECT_GT(runs, 1000);
}

TEST(Page, AWriterInterruptedByReadersNeverLetsOneSeeHalfALine) {
    int runs = 0;
    int answered = 0;
    for (u64 const tick : {u64{0}, u64{1'000'000}}) {
        for (Change const& change : changes) {
            for (ClockId const clock : all_clocks) {
                for (int at = 0;; ++at) {
                    Host host(options(tick));
                    Host::pass(123'456'789);
                    Timespec const before = host.call(clock);
                    std::optional<Timespec> seen;
                    bool const interrupted = run_interrupted(
                        at, [&] { seen = host.vdso(clock); }, [&] { change.apply(host); });
                    if (!interrupted) break;
                    ++runs;
                    if (!seen)
                        continue;  // locked: the reader loses patience and makes the system call
                    ++answered;
                    Timespec const after = host.call(clock);
                    std::string const where = std::string(change.name) + ", clock " +
                                              std::to_string(static_cast<u32>(clock)) + ", step " +
                                              std::to_string(at);
                    if (!change.may_set_realtime_back || !is_realtime(clock)) {
                        ASSERT_LE(before, *seen) << where;
                        ASSERT_LE(*seen, after) << where;
                    } else {
                        ASSERT_TRUE(*seen >= before || seen->seconds <= after.seconds) << where;
                    }
                }
            }
        }
    }
    EXPECT_GT(runs, 300);
    EXPECT_GT(answered, 50) << "lines that a change does not lock are read throughout";
}

TEST(Page, ATickLocksOnlyTheCoarseLines) {
    Host host(options(1'000'000));
    int refused = 0;
    for (int at = 0;; ++at) {
        std::optional<Timespec> monotonic;
        std::optional<Timespec> coarse;
        bool const interrupted = run_interrupted(
            at,
            [&] {
                monotonic = host.vdso(ClockId::monotonic);
                coarse = host.vdso(ClockId::monotonic_coarse);
            },
            [&] { host.keeper.tick(); });
        if (!interrupted) break;
        EXPECT_TRUE(monotonic) << "step " << at;
        if (!coarse) ++refused;
    }
    EXPECT_GT(refused, 0);
}

TEST(Page, AllClocksAreWithdrawnInTheSameInstant) {
    Host host(options(1'000'000));
    // Once one clock has gone to the system call, none is read from the page any more.
    for (int at = 0;; ++at) {
        host.keeper.publish();
        bool one_gone = false;
        bool one_left = false;
        bool const interrupted = run_interrupted(
            at,
            [&] {
                for (ClockId const clock : all_clocks)
                    (host.vdso(clock) ? one_left : one_gone) = true;
            },
            [&] { host.keeper.withdraw(); });
        if (!interrupted) break;
        EXPECT_FALSE(one_gone && one_left) << "step " << at;
    }
    host.keeper.withdraw();
    for (ClockId const clock : all_clocks) {
        EXPECT_EQ(host.vdso(clock), std::nullopt);
        EXPECT_TRUE(host.keeper.read(clock)) << "the system call still answers";
    }
    host.keeper.publish();
    for (ClockId const clock : all_clocks) EXPECT_EQ(host.vdso(clock), host.call(clock));
}

TEST(Page, WhatChangesWhileItIsWithdrawnIsThereWhenItIsPublishedAgain) {
    Host host(options(0));
    host.keeper.withdraw();
    ASSERT_TRUE(host.keeper.step_realtime({1'234'567'890, 5}));
    ASSERT_TRUE(host.keeper.slew_frequency({100'000}));
    for (ClockId const clock : all_clocks) EXPECT_EQ(host.vdso(clock), std::nullopt);
    host.keeper.publish();
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'234'567'890, 5}));
    Host::pass(1'000'000'000);
    EXPECT_EQ(host.vdso(ClockId::realtime), (Timespec{1'234'567'891, 100'004}));
}

TEST(Page, ClocksThatArePublishedByNobodyMakeTheSystemCall) {
    Host const host;
    for (u32 const id : {2U, 3U, 8U, 9U, 10U})
        EXPECT_EQ(host.vdso(ClockId{id}), std::nullopt) << id;
}

TEST(Page, ALaterPageTakesOverAndTheEarlierOneFallsSilent) {
    Host host;
    Host::pass(5'000);
    abi::TimePage second{};  // no time page at all so far
    host.keeper.attach(second);
    for (ClockId const clock : all_clocks) {
        EXPECT_EQ(host.vdso(clock), std::nullopt);
        EXPECT_EQ(read_page(second, clock), host.call(clock));
    }
    EXPECT_EQ(second.header.magic, abi::page_magic);
    EXPECT_EQ(second.header.version, abi::page_version);
    EXPECT_EQ(second.header.resolution, 1U);
    EXPECT_EQ(second.header.timezone_is_set, 1U);
}

TEST(Page, APageMayComeAfterStartOrNever) {
    arch::fake = {};
    kit::Timekeeper keeper;
    ASSERT_TRUE(keeper.start({.clocksource = {1'000'000'000, 64}, .realtime = {1'700'000'000, 0}}));
    keeper.tick();
    keeper.withdraw();
    keeper.publish();
    ASSERT_TRUE(keeper.set_timezone({60, 0}));
    EXPECT_EQ(keeper.read(ClockId::realtime).value(), (Timespec{1'700'000'000, 0}));
    abi::TimePage page = abi::unpublished_page();
    keeper.attach(page);
    EXPECT_EQ(read_page(page, ClockId::realtime), (Timespec{1'700'000'000, 0}));
    EXPECT_EQ(page.header.timezone_minutes_west, 60);
}

TEST(Page, APageThatADeadWriterLeftLockedIsTakenOver) {
    arch::fake = {};
    abi::TimePage page = abi::unpublished_page();
    for (abi::ClockLine& line : page.clocks) {
        line.state = abi::state_of(abi::ClockMode::counter) | abi::state_locked;
        line.sequence = 41;
    }
    EXPECT_EQ(read_page(page, ClockId::monotonic), std::nullopt);
    kit::Timekeeper keeper;
    keeper.attach(page);
    ASSERT_TRUE(keeper.start({.clocksource = {1'000'000'000, 64}, .realtime = {1'700'000'000, 0}}));
    for (ClockId const clock : all_clocks) {
        EXPECT_EQ(read_page(page, clock), keeper.read(clock).value());
        EXPECT_EQ(page.clocks[static_cast<u32>(clock)].sequence % 2, 0U);
    }
}

TEST(Page, AProgramThatFallsBackSeesNoJump) {
    Host host(options(1'000'000));
    for (int round = 0; round < 50; ++round) {
        for (ClockId const clock : all_clocks) {
            Timespec const first = read_clock(host, clock);
            if (round % 2 == 0)
                host.keeper.withdraw();
            else
                host.keeper.publish();
            Host::pass(333);
            ASSERT_LE(first, read_clock(host, clock));
        }
    }
}

}  // namespace
}  // namespace vdsokit::test
