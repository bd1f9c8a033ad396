// SPDX-License-Identifier: BSD-2-Clause
// A publisher that changes everything as fast as it can, against readers on every CPU, on the real
// counter and with real threads. Each clock is watched within each thread and across all of them: a
// reading that begins after another one has ended must not be less, whichever CPU made it, and
// whether the page answered or the system call. And each is compared with what exact arithmetic
// makes of the lines that were published meanwhile (published_history.h). Half of the readings
// follow the protocol slowly, with a pause that can be longer than a change between any two steps.
// Usage: hostile_publisher [readings in all]
// Exit status: 0 no violation, 1 violations, 77 this machine's counters differ between CPUs.
#include <array>
#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "cpu.h"

#include "abi/shared.h"
#include "kit/time/timekeeper.h"
#include "test/kit/time/published_history.h"
#include "vdso/read_clock.h"

namespace {

using namespace vdsokit;
using abi::ClockId;
using test::PublishedHistory;

constexpr int status_skipped = 77;

// Realtime and TAI are never set back here, so all seven may only go forward.
constexpr ClockId watched[] = {
    ClockId::monotonic,     ClockId::realtime,         ClockId::boottime,        ClockId::tai,
    ClockId::monotonic_raw, ClockId::monotonic_coarse, ClockId::realtime_coarse,
};

constexpr u32 units_a_second = u32{1} << test::reading_bits;
constexpr u64 one_word(i64 seconds, u64 part) {
    return static_cast<u64>(seconds) << test::reading_bits | part;
}
constexpr u64 one_word(abi::Instant at) {
    return one_word(at.seconds, at.fraction >> (64 - test::reading_bits));
}

struct alignas(64) Latest {
    std::atomic<u64> value{0};

    void raise(u64 to) {
        u64 seen = value.load(std::memory_order_relaxed);
        while (seen < to && !value.compare_exchange_weak(seen, to)) {}
    }
};

struct Shared {
    abi::TimePage page = abi::unpublished_page();
    kit::Timekeeper keeper;
    std::mutex host_lock;  // what a host holds around its Timekeeper
    PublishedHistory history{page};
    std::array<Latest, abi::clock_lines> latest;
    std::atomic<u32> readers_left{0};
    std::atomic<u64> readings{0};
    std::atomic<u64> system_calls{0};
    std::atomic<u64> violations{0};  // a clock went back
    std::atomic<u64> inexact{0};     // not what the lines say
    std::atomic<u64> unjudged{0};    // so many changes meanwhile that nobody knows
};

// What a reader knows of one reading.
struct Read {
    u64 time = 0;
    bool has_values = false;  // the line's fields and the counter, as it saw them
    abi::LineValues values{};
    Cycles counter{};
};

u64 next_random(u64& state) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

Read system_call(Shared& shared, ClockId clock) {
    std::lock_guard const held(shared.host_lock);
    abi::Instant const now = shared.keeper.instant(clock).value();
    return {.time = one_word(now)};
}

bool read_page(Shared const& shared, ClockId clock, Read& out) {
    u32 const id = static_cast<u32>(clock);
    abi::ClockLine const& line = shared.page.clocks[id];
    vdso::Reading reading{};
    if (!vdso::try_counter(line, units_a_second, reading) &&
        !vdso::read_patiently(line, id, units_a_second, reading))
        return false;
    out = {.time = one_word(reading.seconds, reading.part)};
    return true;
}

// Mostly nothing, now and then some microseconds.
void pause_at_random(u64& random) {
    u64 const draw = next_random(random);
    if (draw % 16 != 0) return;
    for (u64 turn = (draw >> 8) % 256; turn != 0; --turn) arch::relax();
}

// The protocol as abi/time_page.h states it, by a reader that is interrupted everywhere.
bool read_slowly(Shared const& shared, ClockId clock, u64& random, Read& out) {
    abi::ClockLine const& line = shared.page.clocks[static_cast<u32>(clock)];
    u64 const seen = arch::load_acquire(abi::state_word(line));
    abi::ClockMode const mode = abi::mode_of(static_cast<u32>(seen));
    bool const held = mode == abi::ClockMode::held;
    if (static_cast<u32>(seen) != abi::state_of(mode)) return false;
    if (!held && mode != abi::ClockMode::counter) return false;
    pause_at_random(random);
    abi::LineValues values{};
    values.base_fraction = abi::load_shared(line.base_fraction);
    pause_at_random(random);
    values.mult = abi::load_shared(line.mult);
    values.base_seconds = abi::load_shared(line.base_seconds);
    pause_at_random(random);
    values.cycle_last = abi::load_shared(line.cycle_last);
    values.shift = abi::load_shared(line.shift);
    arch::order_loads();
    pause_at_random(random);
    Cycles const now = arch::read_counter(CounterKind::virtual_count);
    pause_at_random(random);
    if (!arch::unchanged_after(now, abi::state_word(line), seen)) return false;
    abi::Instant const at = held ? abi::Instant{values.base_seconds, values.base_fraction}
                                 : abi::instant_at(values, now);
    out = {.time = one_word(at), .has_values = true, .values = values, .counter = now};
    return true;
}

// The line that a reading came from may be any that was there between the two.
void compare(Shared& shared, u32 id, Read const& read, PublishedHistory::Span changes, Cycles from,
             Cycles to) {
    using Verdict = PublishedHistory::Verdict;
    shared.history.wait_for(changes.last);
    Verdict verdict = read.has_values ? shared.history.judge(id, changes, read.values, read.counter)
                                      : shared.history.judge(id, changes, read.time, from, to);
    // The page holds no more of a held line than its base, so the counter does not count there.
    if (read.has_values && read.time != test::exact_reading(read.values, read.counter))
        verdict = Verdict::wrong;
    if (verdict == Verdict::wrong) shared.inexact += 1;
    if (verdict == Verdict::unknown) shared.unjudged += 1;
}

void read_all(Shared& shared, u64 count) {
    std::array<u64, abi::clock_lines> last{};
    u64 readings = 0;
    u64 calls = 0;
    u64 violations = 0;
    u64 random = count | 1;
    for (u64 round = 0; readings < count; ++round) {
        ClockId const clock = watched[round % std::size(watched)];
        u32 const id = static_cast<u32>(clock);
        u64 const floor = shared.latest[id].value.load(std::memory_order_acquire);
        u64 const changes = shared.history.done();
        Cycles const from = arch::read_counter(CounterKind::virtual_count);
        Read got;
        bool const slow = round / std::size(watched) % 2 == 1;
        bool const read =
            slow ? read_slowly(shared, clock, random, got) : read_page(shared, clock, got);
        if (slow && !read) continue;
        if (!read || round % 61 == 0) {
            got = system_call(shared, clock);
            ++calls;
        }
        Cycles const to = arch::read_counter(CounterKind::virtual_count);
        compare(shared, id, got, {changes, shared.history.begun()}, from, to);
        u64 const now = got.time;
        if (now < floor || now < last[id]) ++violations;
        last[id] = now;
        ++readings;
        shared.latest[id].raise(now);
    }
    shared.readings += readings;
    shared.system_calls += calls;
    shared.violations += violations;
    --shared.readers_left;
}

void change_something(Shared& shared, u64& random) {
    kit::Timekeeper& keeper = shared.keeper;
    shared.history.begin();
    i32 const ppb = static_cast<i32>(next_random(random) % 1'000'001) - 500'000;
    switch (next_random(random) % 16) {
    // The same counter, declared a thousand times as fast or slow: who reads it some nanoseconds
    // after its line was locked is then microseconds ahead of the next line.
    case 0:
    case 1:
    case 2: (void)keeper.change_clocksource({10'000'000, 64}); break;
    case 3:
    case 4:
    case 5: (void)keeper.change_clocksource({10'000'000'000, 64}); break;
    case 6: (void)keeper.change_clocksource({1'000'000'000, 63}); break;
    case 7: (void)keeper.add_suspend({next_random(random) % 1000}); break;
    case 8: (void)keeper.slew_offset({i64{ppb} * 1000}); break;
    case 9: (void)keeper.slew_offset({0}); break;
    case 10:
    case 11: (void)keeper.slew_frequency({ppb}); break;
    case 12:
        keeper.withdraw();
        shared.history.end();
        shared.history.begin();
        keeper.publish();
        break;
    default: keeper.tick(); break;
    }
    shared.history.end();
}

u64 publish_until_done(Shared& shared) {
    u64 random = 88'172'645'463'325'252;
    u64 changes = 0;
    while (shared.readers_left.load() != 0) {
        {
            std::lock_guard const held(shared.host_lock);
            change_something(shared, random);
            ++changes;
        }
        // Readers that find a line locked wait; give them time to be in the middle of one.
        for (u64 turn = next_random(random) % 64; turn != 0; --turn) arch::relax();
    }
    return changes;
}

// The raw counter itself must not go back from one CPU to another, or no clock on it can be right.
bool counters_agree() {
    Latest latest;
    std::atomic<bool> agree{true};
    std::vector<std::thread> threads;
    for (u32 index = 0; index < std::thread::hardware_concurrency(); ++index)
        threads.emplace_back([&] {
            for (int round = 0; round < 300'000; ++round) {
                u64 const floor = latest.value.load(std::memory_order_acquire);
                u64 const now = arch::read_counter(CounterKind::virtual_count).value;
                if (now < floor) agree = false;
                latest.raise(now);
            }
        });
    for (std::thread& thread : threads) thread.join();
    return agree;
}

}  // namespace

int main(int argc, char** argv) {
    u64 const readings = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
    u32 const cpus =
        std::thread::hardware_concurrency() == 0 ? 1 : std::thread::hardware_concurrency();
    u64 const each = readings / cpus;
    if (each == 0) {
        std::fputs("no reading was asked for\n", stderr);
        return 1;
    }
    if (!counters_agree()) {
        std::puts("skipped: the CPUs' counters differ");
        return status_skipped;
    }

    static Shared shared;
    shared.keeper.attach(shared.page);
    shared.history.begin();
    bool const started = static_cast<bool>(shared.keeper.start(
        {.clocksource = {1'000'000'000, 64}, .realtime = {1'700'000'000, 0}, .tick = {1'000'000}}));
    if (!started) return 1;
    shared.history.end();

    shared.readers_left = cpus;
    std::vector<std::thread> readers;
    for (u32 index = 0; index < cpus; ++index)
        readers.emplace_back([each] { read_all(shared, each); });
    u64 const changes = publish_until_done(shared);
    for (std::thread& reader : readers) reader.join();

    std::printf("%u readers, %" PRIu64 " readings, %" PRIu64 " by system call, %" PRIu64
                " changes; %" PRIu64 " went back, %" PRIu64 " inexact, %" PRIu64 " not judged\n",
                cpus, shared.readings.load(), shared.system_calls.load(), changes,
                shared.violations.load(), shared.inexact.load(), shared.unjudged.load());
    if (changes == 0) {
        std::fputs("nothing was published meanwhile\n", stderr);
        return 1;
    }
    // A test that cannot judge is none.
    if (shared.unjudged.load() > shared.readings.load() / 100) {
        std::fputs("too few readings could be judged\n", stderr);
        return 1;
    }
    return shared.violations.load() == 0 && shared.inexact.load() == 0 ? 0 : 1;
}
