// SPDX-License-Identifier: BSD-2-Clause
// Below 1 ns a year against exact arithmetic, 1 MHz to 10 GHz, after any pause.
#include <gtest/gtest.h>

#include "host.h"

namespace vdsokit::test {
namespace {

constexpr u64 seconds_a_year = 31'556'952;

constexpr u64 frequencies[] = {
    1'000'000,     1'048'576,     1'048'577,     1'193'182,     3'579'545,      16'777'216,
    16'777'217,    19'200'000,    24'000'000,    25'000'000,    31'250'000,     38'400'000,
    50'000'000,    54'000'000,    62'500'000,    100'000'000,   999'999'937,    1'000'000'000,
    1'073'741'824, 2'099'999'999, 2'147'483'648, 3'000'000'000, 4'294'967'296,  4'294'967'295,
    5'000'000'001, 8'589'934'592, 8'589'934'591, 9'999'999'967, 10'000'000'000,
};

// The error that is allowed after `cycles`: 1 ns a year, and the last bit of what is compared.
i128 allowed(u64 cycles, u64 frequency) {
    return exact_span(cycles, frequency) / static_cast<i128>(seconds_a_year) * one_nanosecond /
               (static_cast<i128>(1) << 64) +
           2;
}

void expect_close(Host const& host, ClockId clock, i128 exact, u64 cycles, u64 frequency) {
    i128 const error = host.ticks(clock) - exact;
    EXPECT_LE(magnitude(error), allowed(cycles, frequency))
        << frequency << " Hz, " << cycles << " cycles: off by " << in_nanoseconds(error) << " ns";
}

TEST(Precision, AnyPauseWithoutAPublishStaysBelowOneNanosecondAYear) {
    Random random(5);
    for (u64 const frequency : frequencies) {
        // 67 years: the page's range ends at 2^31 s less 1 in 512, or with the counter's word.
        u64 const range = ~u64{0} / frequency < u64{67} * seconds_a_year
                              ? ~u64{0}
                              : frequency * u64{67} * seconds_a_year;
        for (int round = 0; round < 50; ++round) {
            Host host({.frequency = frequency, .counter_at_start = random.next()});
            u64 const cycles = round == 0 ? range : random.of_any_size(64) % range;
            Host::pass(cycles);
            i128 const exact = exact_span(cycles, frequency);
            expect_close(host, ClockId::monotonic, exact, cycles, frequency);
            expect_close(host, ClockId::monotonic_raw, exact, cycles, frequency);
            i128 const epoch = ticks_of_nanoseconds(i128{1'700'000'000} * 1'000'000'000);
            expect_close(host, ClockId::realtime, exact + epoch, cycles, frequency);
        }
    }
}

TEST(Precision, ACorrectedFrequencyIsAsPreciseAsTheCounters) {
    Random random(6);
    for (u64 const frequency : frequencies) {
        for (i32 const ppb : {-500'000, -123'457, -1, 0, 1, 32'768, 499'999, 500'000}) {
            Host host({.frequency = frequency, .counter_at_start = random.next()});
            ASSERT_TRUE(host.keeper.slew_frequency({ppb}));
            u64 const cycles = frequency * seconds_a_year;
            Host::pass(cycles);
            expect_close(host, ClockId::monotonic, exact_span(cycles, frequency, ppb), cycles,
                         frequency);
            expect_close(host, ClockId::monotonic_raw, exact_span(cycles, frequency), cycles,
                         frequency);
        }
    }
}

// A narrow counter's mult has few bits (34 at 32 bits and 1 GHz: 4 ms a year), so the line is only
// as good as its course. The host comes when next_update() says; the time is a day.
TEST(Precision, NarrowCountersCollectNoErrorOverManyRebases) {
    struct Narrow {
        u64 frequency;
        u32 bits;
    };
    for (Narrow const narrow :
         {Narrow{3'579'545, 24}, Narrow{1'000'000, 22}, Narrow{1'000'000'000, 32},
          Narrow{2'000'000'000, 32}, Narrow{10'000'000'000, 56}}) {
        Host host({.frequency = narrow.frequency, .counter_bits = narrow.bits});
        u64 const mask = (u64{1} << narrow.bits) - 1;
        u64 passed = 0;
        u64 const day = u64{86'400} * narrow.frequency;
        i128 worst = 0;
        while (passed < day) {
            u64 const until = (host.keeper.next_update().counter.value - arch::fake.counter) & mask;
            ASSERT_LE(until, mask / 2 + 1);
            passed += until;
            arch::fake.counter = (arch::fake.counter + until) & mask;
            for (ClockId const clock : {ClockId::monotonic, ClockId::monotonic_raw}) {
                i128 const error =
                    magnitude(host.ticks(clock) - exact_span(passed, narrow.frequency));
                if (error > worst) worst = error;
            }
            host.keeper.advance();
        }
        // Between two re-bases one unit of mult over half the range: 2^-33 s; and what close()
        // leaves.
        EXPECT_LT(in_nanoseconds(worst), 0.5)
            << narrow.frequency << " Hz, " << narrow.bits << " bits";
    }
}

TEST(Precision, ManyChangesOfRateDoNotCollectRounding) {
    for (u64 const frequency : {u64{24'000'000}, u64{1'000'000'000}, u64{2'099'999'999}}) {
        Host host({.frequency = frequency});
        Random random(7);
        i128 exact = 0;
        for (int round = 0; round < 100'000; ++round) {
            i32 const ppb = static_cast<i32>(random.below(1'000'001)) - 500'000;
            ASSERT_TRUE(host.keeper.slew_frequency({ppb}));
            u64 const cycles = random.of_any_size(30);
            Host::pass(cycles);
            exact += exact_span(cycles, frequency, ppb);
        }
        // The expectation itself is rounded down each round; the course is not.
        i128 const error = host.ticks(ClockId::monotonic) - exact;
        EXPECT_LT(magnitude(error), 200'000) << in_nanoseconds(error) << " ns";
    }
}

}  // namespace
}  // namespace vdsokit::test
