// SPDX-License-Identifier: BSD-2-Clause
// A writer runs between any two steps of a reader, any part of its own steps at a time. Whatever the
// reader returns is the old line or the new one, with the counter of some moment during the call.
#include <ostream>
#include <string>
#include <vector>

#include "test/vdso/harness.h"
#include "vdso/clock_gettime.h"

namespace vdsokit::vdso {
namespace {

using abi::ClockLine;
using abi::ClockMode;

// The stores of one publish in the order of abi/time_page.h, one at a time.
class StepwiseWriter {
public:
    static constexpr int steps = 10;

    // `lock` 0: a writer that knows the count alone.
    StepwiseWriter(ClockLine& line, ClockLine const& next, u32 lock = abi::state_locked)
        : line_(line), next_(next), lock_(lock) {}

    bool done() const { return at_ == steps; }
    void step() {
        switch (at_++) {
        case 0: line_.state |= lock_; break;
        case 1: line_.sequence += 1; break;
        // The counter runs while the line is locked: no reader may still use the old line then.
        case 2: arch::fake.counter += 100; break;
        case 3: line_.cycle_last = next_.cycle_last; break;
        case 4: line_.mult = next_.mult; break;
        case 5: line_.base_fraction = next_.base_fraction; break;
        case 6: line_.base_seconds = next_.base_seconds; break;
        case 7: line_.shift = next_.shift; break;
        case 8: line_.sequence += 1; break;
        case 9: line_.state = next_.state; break;
        default: break;
        }
    }

private:
    ClockLine& line_;
    ClockLine const& next_;
    u32 lock_;
    int at_ = 0;
};

struct Change {
    ClockMode from;
    ClockMode to;
    u32 sequence;
    char const* reason;
    friend void PrintTo(Change const& change, std::ostream* out) { *out << change.reason; }
};

class TornWrite : public ReaderTest, public testing::WithParamInterface<Change> {
protected:
    // Every field differs, and any mix of the two gives a third result.
    void prepare() {
        arch::fake.counter = 10'000;
        arch::fake.physical_ahead = 0;
        arch::fake.frequency = 1'000'000'000;
        old_line = line_of(monotonic, GetParam().from);
        old_line.sequence = GetParam().sequence;
        new_line = old_line;
        new_line.state = abi::state_of(GetParam().to);
        new_line.cycle_last = 10'050;
        new_line.mult = old_line.mult / 3;
        new_line.base_fraction = ~old_line.base_fraction;
        new_line.base_seconds = 5'555'555;
        new_line.shift = 7;
        page.clocks[monotonic] = old_line;
        arch::fake_kernel = {};
    }

    void go_through(u32 lock);

    // What a line means with the counter at `counter`.
    static std::vector<Timespec> meaning(ClockLine const& line, u64 counter) {
        auto const time = [](abi::Instant instant) {
            return Timespec{instant.seconds,
                            abi::units_of(instant.fraction, abi::nanoseconds_per_second)};
        };
        switch (abi::mode_of(line.state)) {
        case ClockMode::counter:
        case ClockMode::physical_counter: return {time(expected(line, counter))};
        case ClockMode::held: return {time({line.base_seconds, line.base_fraction})};
        case ClockMode::direct:
        case ClockMode::direct_physical: return {{0, static_cast<i64>(counter)}};
        case ClockMode::chained:
        case ClockMode::none: break;
        }
        return {};  // the system call
    }

    bool is_one_of(std::vector<Timespec> const& allowed) const {
        for (Timespec const& t : allowed)
            if (t.seconds == time.seconds && t.nanoseconds == time.nanoseconds) return true;
        return false;
    }

    ClockLine old_line{};
    ClockLine new_line{};
    Timespec time{};
};

void TornWrite::go_through(u32 lock) {
    // The writer makes `burst` steps when the reader has made `when`, the rest while it waits or
    // after it is gone.
    for (int when = 0; when < 24; ++when) {
        for (int burst = 0; burst <= StepwiseWriter::steps; ++burst) {
            prepare();
            StepwiseWriter writer(page.clocks[monotonic], new_line, lock);
            int reader_steps = 0;
            hook_ = [&](arch::Step step) {
                if (step == arch::Step::relaxed && !writer.done()) writer.step();
                if (reader_steps++ == when)
                    for (int i = 0; i < burst && !writer.done(); ++i) writer.step();
            };
            ASSERT_EQ(read_clock_gettime(page, monotonic, &time), 0);
            hook_ = nullptr;

            std::vector<Timespec> allowed = meaning(old_line, 10'000);
            for (Timespec const& t : meaning(new_line, 10'100)) allowed.push_back(t);
            if (arch::fake_kernel.calls != 0) {
                ASSERT_TRUE(GetParam().to == ClockMode::none || GetParam().from == ClockMode::none)
                    << "a system call without need, at " << when << " for " << burst;
            } else {
                ASSERT_TRUE(is_one_of(allowed))
                    << GetParam().reason << ": reader step " << when << ", " << burst
                    << " writer steps: " << time.seconds << "." << time.nanoseconds;
            }
        }
    }
}

TEST_P(TornWrite, IsNeverSeen) { go_through(abi::state_locked); }

INSTANTIATE_TEST_SUITE_P(
    Modes, TornWrite,
    testing::Values(
        Change{ClockMode::counter, ClockMode::counter, 6, "a republish"},
        Change{ClockMode::counter, ClockMode::counter, 0x7fff'fffe, "over 2^31"},
        Change{ClockMode::counter, ClockMode::counter, 0xffff'fffe, "over the wrap of the count"},
        Change{ClockMode::counter, ClockMode::none, 6, "withdrawn while it is read"},
        Change{ClockMode::none, ClockMode::counter, 6, "published for the first time"},
        Change{ClockMode::held, ClockMode::held, 6, "a tick of a coarse clock"},
        Change{ClockMode::held, ClockMode::counter, 6, "unfrozen"},
        Change{ClockMode::counter, ClockMode::held, 6, "frozen"},
        Change{ClockMode::physical_counter, ClockMode::physical_counter, 6, "the other counter"},
        Change{ClockMode::counter, ClockMode::physical_counter, 6, "from one to the other"},
        Change{ClockMode::direct, ClockMode::counter, 6, "a host that starts to publish"},
        Change{ClockMode::direct_physical, ClockMode::held, 6, "likewise, frozen"}),
    [](auto const& row) { return "Row" + std::to_string(row.index); });

// Where a line stays in its mode the count alone guards the fields.
class WriterThatOnlyCounts : public TornWrite {};
TEST_P(WriterThatOnlyCounts, IsNeverSeenHalfWayThrough) { go_through(0); }

INSTANTIATE_TEST_SUITE_P(
    Modes, WriterThatOnlyCounts,
    testing::Values(
        Change{ClockMode::counter, ClockMode::counter, 6, "a republish"},
        Change{ClockMode::counter, ClockMode::counter, 0xffff'fffe, "over the wrap of the count"},
        Change{ClockMode::held, ClockMode::held, 6, "a tick of a coarse clock"},
        Change{ClockMode::physical_counter, ClockMode::physical_counter, 6, "the other counter"}),
    [](auto const& row) { return "Row" + std::to_string(row.index); });

// The counter may be read only after the state word: an older value with a newer base is negative.
TEST_F(TornWrite, ACounterFromBeforeThePublishIsNotUsedWithTheNewBase) {
    publish(ClockMode::counter);
    arch::fake.counter = 500;  // behind cycle_last, as a reader would have it that read it early
    bool published = false;
    hook_ = [&](arch::Step step) {
        if (step == arch::Step::before_counter && !published) {
            published = true;
            arch::fake.counter = 2'000'000;
        }
    };
    ASSERT_EQ(read_clock_gettime(page, monotonic, &time), 0);
    EXPECT_EQ(time.seconds, 2'000'000) << "no wrap to 68 years ahead";
}

TEST_F(TornWrite, APublisherThatNeverStopsCostsPatienceAndThenTheSystemCall) {
    publish(ClockMode::counter);
    u32 relaxed = 0;
    hook_ = [&](arch::Step step) {
        if (step == arch::Step::after_counter) page.clocks[monotonic].sequence += 2;
        if (step == arch::Step::relaxed) ++relaxed;
    };
    ASSERT_EQ(read_clock_gettime(page, monotonic, &time), 0);
    EXPECT_EQ(relaxed, patience);
    EXPECT_EQ(arch::fake_kernel.calls, 1u);
}

}  // namespace
}  // namespace vdsokit::vdso
