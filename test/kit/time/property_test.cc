// SPDX-License-Identifier: BSD-2-Clause
// Random histories of a host, against what each clock must be by exact arithmetic.
#include <gtest/gtest.h>

#include <map>

#include "host.h"

namespace vdsokit::test {
namespace {

constexpr u64 seeds = 400;
constexpr int changes_a_seed = 250;

// Plays one history and knows what must come of it.
class History {
public:
    explicit History(u64 seed)
        : random_(seed),
          source_{some_source()},
          tick_(random_.below(2) == 0 ? 0 : 1'000'000 + random_.below(9'000'000)),
          host_({.frequency = source_.frequency,
                 .counter_bits = source_.counter_bits,
                 .tick_nanoseconds = tick_,
                 .counter_at_start = random_.next(),
                 .realtime = {1'500'000'000, 3},
                 .monotonic = {1000, 0},
                 .kind = source_.kind}) {
        arch::fake.physical_ahead = random_.next();
        // The start itself read the counter without that.
        if (source_.kind == CounterKind::physical_count) arch::fake.physical_ahead = 0;
        for (ClockId const clock : all_clocks) last_[clock] = host_.call(clock);
    }

    void play(int changes) {
        for (int round = 0; round < changes && !testing::Test::HasFatalFailure(); ++round) {
            pass();
            change();
            check();
        }
        settle();
    }

private:
    kit::Clocksource some_source() {
        kit::Clocksource const sources[] = {
            {1'000'000, 64},     {24'000'000, 56},    {62'500'000, 64, CounterKind::physical_count},
            {1'000'000'000, 64}, {2'099'999'997, 64}, {10'000'000'000, 64},
            {16'777'216, 56},
        };
        return sources[random_.below(std::size(sources))];
    }

    void advance_counter(u64 cycles) {
        Host::pass(cycles);
        raw_ += exact_span(cycles, source_.frequency);
        adjusted_ += exact_span(cycles, source_.frequency, ppb_);
        ++roundings_;
    }

    void pass() {
        // Up to some minutes; now and then a month.
        u64 const longest = source_.frequency * (random_.below(50) == 0 ? 2'600'000 : 300);
        advance_counter(random_.of_any_size(64) % longest);
        if (random_.below(2) == 0) return;
        host_.keeper.tick();
        if (tick_ == 0) host_.keeper.advance();
    }

    void change() {
        switch (random_.below(12)) {
        case 0: slew_frequency(); break;
        case 1: slew_offset(); break;
        case 2: step(); break;
        case 3: sleep(); break;
        case 4: change_clocksource(); break;
        case 5: set_tai(); break;
        case 6: host_.keeper.withdraw(); break;
        case 7:
        case 8: host_.keeper.publish(); break;
        case 9: to_next_deadline(); break;
        case 10: refuse(); break;
        default: host_.keeper.tick(); break;
        }
    }

    void slew_frequency() {
        ppb_ = static_cast<i32>(random_.below(1'000'001)) - 500'000;
        ASSERT_TRUE(host_.keeper.slew_frequency({ppb_}));
    }

    void slew_offset() {
        i64 const size = static_cast<i64>(random_.of_any_size(36));  // up to 69 s
        i64 const offset = random_.below(2) == 0 ? size : -size;
        auto const replaced = host_.keeper.slew_offset({offset});
        ASSERT_TRUE(replaced);
        asked_ += offset - replaced.value().value;
        ++replacements_;
    }

    void step() {
        Timespec const to{1'500'000'000 + static_cast<i64>(random_.below(1'000'000'000)),
                          static_cast<u32>(random_.below(1'000'000'000))};
        ASSERT_TRUE(host_.keeper.step_realtime(to));
        ASSERT_EQ(host_.call(ClockId::realtime), to);
        for (ClockId const clock : {ClockId::realtime, ClockId::realtime_coarse, ClockId::tai})
            last_[clock] = {};
        to_realtime_ = host_.ticks(ClockId::realtime) - host_.ticks(ClockId::monotonic);
    }

    void sleep() {
        u64 const span = random_.of_any_size(45);  // up to ten hours
        ASSERT_TRUE(host_.keeper.add_suspend({span}));
        i128 const slept = ticks_of(kit::instant_of(kit::timespec_of(kit::Nanoseconds{span})));
        to_boottime_ += slept;
        to_realtime_ += slept;
    }

    void change_clocksource() {
        source_ = some_source();
        ASSERT_TRUE(host_.keeper.change_clocksource(source_));
    }

    void set_tai() {
        i32 const offset = static_cast<i32>(random_.below(100));
        if (offset < tai_) last_[ClockId::tai] = {};
        tai_ = offset;
        ASSERT_TRUE(host_.keeper.set_tai_offset(offset));
    }

    void to_next_deadline() {
        kit::Deadline const next = host_.keeper.next_update();
        if (next.after.value > u64{5'000'000'000'000}) return;
        advance_counter(until(next));
        host_.keeper.advance();
    }

    u64 until(kit::Deadline next) const {
        u64 const ahead =
            source_.kind == CounterKind::physical_count ? arch::fake.physical_ahead : 0;
        u64 const mask = ~u64{0} >> (64 - source_.counter_bits);
        return (next.counter.value - arch::fake.counter - ahead) & mask;
    }

    void refuse() {
        EXPECT_FALSE(host_.keeper.slew_frequency({500'001}));
        EXPECT_FALSE(host_.keeper.step_realtime({0, 0}));
        EXPECT_FALSE(host_.keeper.change_clocksource({0, 64}));
    }

    void check() {
        for (ClockId const clock : all_clocks) {
            Timespec const first = host_.call(clock);
            auto const read = host_.vdso(clock);
            Timespec const second = host_.call(clock);
            ASSERT_LE(last_[clock], first) << "clock " << static_cast<u32>(clock) << " went back";
            if (read) {
                ASSERT_LE(first, *read);
                ASSERT_LE(*read, second);
            }
            last_[clock] = second;
        }
        ASSERT_LE(host_.call(ClockId::monotonic_coarse), host_.call(ClockId::monotonic));
        ASSERT_LE(host_.call(ClockId::realtime_coarse), host_.call(ClockId::realtime));
        check_differences();
        check_against_exact();
    }

    void check_differences() {
        i128 const monotonic = host_.ticks(ClockId::monotonic);
        i128 const realtime = host_.ticks(ClockId::realtime);
        ASSERT_TRUE(host_.ticks(ClockId::boottime) - monotonic == to_boottime_);
        ASSERT_TRUE(host_.ticks(ClockId::tai) - realtime == static_cast<i128>(tai_) << 64);
        ASSERT_TRUE(realtime - monotonic == to_realtime_);
    }

    void check_against_exact() {
        // 2^-40 s: hundreds of days at 2^-63 a second, and the roundings of the expectation.
        i128 const tolerance = (i128{1} << 24) + roundings_;
        i128 const raw = host_.ticks(ClockId::monotonic_raw) - raw_;
        ASSERT_LE(magnitude(raw), tolerance) << in_nanoseconds(raw) << " ns";
        // Where monotonic will be when the slew is over; remaining_offset() is whole nanoseconds.
        i128 const owed = ticks_of_nanoseconds(host_.keeper.remaining_offset().value);
        i128 const course =
            host_.ticks(ClockId::monotonic) + owed - adjusted_ - ticks_of_nanoseconds(asked_);
        ASSERT_LE(magnitude(course), tolerance + (replacements_ + 1) * (one_nanosecond / 2))
            << in_nanoseconds(course) << " ns";
    }

    // A host that keeps its deadlines: the slew ends, exactly where it was asked to.
    void settle() {
        if (testing::Test::HasFatalFailure()) return;
        i128 const before = host_.ticks(ClockId::monotonic) - adjusted_ +
                            ticks_of_nanoseconds(host_.keeper.remaining_offset().value);
        for (int round = 0; round < 4 && host_.keeper.remaining_offset().value != 0; ++round) {
            advance_counter(until(host_.keeper.next_update()));
            host_.keeper.advance();
        }
        ASSERT_EQ(host_.keeper.remaining_offset().value, 0);
        i128 const after = host_.ticks(ClockId::monotonic) - adjusted_;
        ASSERT_LE(magnitude(after - before), one_nanosecond) << in_nanoseconds(after - before);
        check();
    }

    Random random_;
    kit::Clocksource source_;
    u64 tick_;
    Host host_;
    std::map<ClockId, Timespec> last_;
    i32 ppb_ = 0;
    i32 tai_ = 0;
    i128 raw_ = i128{1000} << 64;
    i128 adjusted_ = i128{1000} << 64;
    i128 asked_ = 0;  // ns of all offsets, less what was dropped of them
    i128 to_boottime_ = 0;
    i128 to_realtime_ = host_.ticks(ClockId::realtime) - host_.ticks(ClockId::monotonic);
    int roundings_ = 0;
    int replacements_ = 0;
};

TEST(Property, NoHistoryOfAHostMakesAClockGoBackOrLoseTime) {
    for (u64 seed = 1; seed <= seeds && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        History(seed).play(changes_a_seed);
    }
}

}  // namespace
}  // namespace vdsokit::test
