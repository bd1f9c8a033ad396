// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/publication.h"

#include <gtest/gtest.h>

#include "abi/conversion.h"
#include "tool/vdsokit/failure.h"

namespace vdsokit::test {
namespace {

constexpr kit::CounterFacts counter{.bits = 56, .states_frequency = true};

std::string failure_of(std::string const& text) {
    try {
        tool::published_page(tool::parse_publication(text), counter);
    } catch (tool::Failure const& failure) {
        EXPECT_EQ(failure.status, tool::status_usage);
        return failure.text;
    }
    return "accepted";
}

TEST(Publication, what_cannot_be_published_is_refused_with_the_key) {
    struct Row {
        char const* text;
        char const* expect;
        char const* reason;
    };
    constexpr char const* numbers = "is not a number from 0 to 2^64 - 1";
    Row const rows[] = {
        {"", "--publish: 'counter' is missing", "nothing at all"},
        {"counter", "--publish: 'counter' is not KEY=VALUE", "no value"},
        {"counter=tsc,frequency=1,realtime=1,monotonic=1",
         "--publish: 'counter=tsc' is neither virtual nor physical", "another counter"},
        {"counter=virtual,frequency=1000,realtime=1", "--publish: 'monotonic' is missing",
         "one key missing"},
        {"counter=virtual,frequency=1000,frequency=1000,realtime=1,monotonic=1",
         "--publish: 'frequency' is given twice", "which of them?"},
        {"counter=virtual,frequency=1000,realtime=1,monotonic=-1", "--publish: 'monotonic=-1' ",
         "negative"},
        {"counter=virtual,frequency=1e9,realtime=1,monotonic=1", "--publish: 'frequency=1e9' ",
         "not digits alone"},
        {"counter=virtual,frequency=1000,realtime=18446744073709551616,monotonic=1",
         "--publish: 'realtime=18446744073709551616' ", "2^64"},
        {"counter=virtual,frequency=,realtime=1,monotonic=1", "--publish: 'frequency=' ", "empty"},
        {"counter=virtual,frequency=0,realtime=1,monotonic=1",
         "--publish: frequency: not 1 Hz to 18 GHz", "0 Hz"},
        {"counter=virtual,frequency=18000000001,realtime=1,monotonic=1",
         "--publish: frequency: not 1 Hz to 18 GHz", "above the highest"},
        {"counter=virtual,frequency=1000,realtime=1,monotonic=2",
         "--publish: realtime: less than boottime, so the system would have started before 1970",
         "started before 1970"},
        {"counter=virtual,frequency=1000,realtime=9,monotonic=2,boottime=1",
         "--publish: boottime: less than monotonic", "slept for less than nothing"},
        {"counter=virtual,frequency=1000,realtime=18446744073709551615,monotonic=1",
         "--publish: a time is later than Linux can represent", "the year 2554"},
        {"counter=virtual,frequency=1000,realtime=1,monotonic=1,tai-offset=100001",
         "--publish: tai-offset: not 0 to 100000 s", "above the kernel's limit"},
        {"counter=virtual,frequency=1000,realtime=1,monotonic=1,resolution=1000000000",
         "--publish: resolution: not below 10^9 ns", "no nanoseconds of a timespec"},
        {"counter=virtual,frequency=1000,realtime=1,monotonic=1,colour=red",
         "--publish: no key 'colour'; there are counter, frequency, realtime, monotonic, boottime, "
         "tai-offset, resolution, coarse-resolution",
         "unknown"},
        {"counter=virtual,frequency=1,realtime=1,monotonic=1", "accepted", "1 Hz"},
        {"counter=physical,frequency=18000000000,realtime=1,monotonic=1", "accepted", "18 GHz"},
    };
    for (Row const& row : rows) {
        std::string expect = row.expect;
        if (expect.ends_with(' ')) expect += numbers;
        EXPECT_EQ(failure_of(row.text), expect) << row.reason;
    }
}

TEST(Publication, the_page_says_what_was_asked_for_at_counter_0_and_an_hour_later) {
    struct Row {
        abi::ClockId clock;
        u64 seconds;
        u32 nanoseconds;
    };
    Row const rows[] = {{abi::ClockId::realtime, 1'700'000'000, 123'456'789},
                        {abi::ClockId::realtime_coarse, 1'700'000'000, 123'456'789},
                        {abi::ClockId::tai, 1'700'000'037, 123'456'789},
                        {abi::ClockId::monotonic, 5, 1},
                        {abi::ClockId::monotonic_raw, 5, 1},
                        {abi::ClockId::monotonic_coarse, 5, 1},
                        {abi::ClockId::boottime, 7, 2}};
    for (u64 const frequency : {u64{1'000'000}, u64{62'500'000}, u64{10'000'000'000}}) {
        abi::TimePage const page = tool::published_page({.counter = CounterKind::physical_count,
                                                         .frequency = frequency,
                                                         .realtime = 1'700'000'000'123'456'789,
                                                         .monotonic = 5'000'000'001,
                                                         .boottime = 7'000'000'002,
                                                         .tai_offset = 37,
                                                         .resolution = {},
                                                         .coarse_resolution = {}},
                                                        counter);
        for (Row const& row : rows) {
            abi::ClockLine const& line = page.clocks[static_cast<u32>(row.clock)];
            EXPECT_EQ(line.state, abi::state_of(abi::ClockMode::physical_counter));
            abi::LineValues const values{line.cycle_last, line.mult, line.base_fraction,
                                         line.base_seconds, line.shift};
            for (u64 const elapsed : {u64{0}, u64{3600}}) {
                // Rounded down, mult may fall short of the whole second by less than a nanosecond.
                abi::Instant const says = abi::instant_at(values, {frequency * elapsed});
                u64 const expect = (row.seconds + elapsed) * 1'000'000'000 + row.nanoseconds;
                u64 const got = static_cast<u64>(says.seconds) * 1'000'000'000 +
                                abi::units_of(says.fraction, 1'000'000'000);
                EXPECT_LE(got, expect);
                EXPECT_LE(expect - got, elapsed == 0 ? 0u : 1u);
            }
        }
    }
}

}  // namespace
}  // namespace vdsokit::test
