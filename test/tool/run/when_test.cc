// SPDX-License-Identifier: BSD-2-Clause
#include "tool/run/when.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace vdsokit::tool {
namespace {

using kit::Timespec;

struct Zone {
    explicit Zone(char const* name) {
        setenv("TZ", name, 1);
        tzset();
    }
};

struct TimeRow {
    char const* text;
    Timespec expected;
    char const* reason;
};

TEST(When, ReadsEveryFormOfAPointInTime) {
    Zone const zone("UTC0");
    TimeRow const rows[] = {
        {"@0", {0, 0}, "the epoch"},
        {"@1700000000.5", {1700000000, 500'000'000}, "a fraction"},
        {"@-1.25", {-2, 750'000'000}, "before 1970 the nanoseconds still count upwards"},
        {"@-3", {-3, 0}, "whole seconds before 1970"},
        {"1970-01-01", {0, 0}, "a day alone begins at midnight"},
        {"2000-02-29T12:34:56Z", {951827696, 0}, "a leap day in a year divisible by 400"},
        {"2000-02-29 12:34:56.000000001Z", {951827696, 1}, "a space in place of the T"},
        {"2030-01-31T12:00+02:00", {1896084000, 0}, "a zone east of Greenwich"},
        {"2030-01-31T12:00-0230", {1896100200, 0}, "a zone without its colon"},
        {"1969-12-31T23:59:59Z", {-1, 0}, "the second before the epoch"},
        {"0001-01-01T00:00:00Z", {-62135596800, 0}, "the first day there is"},
        {"9999-12-31T23:59:59Z", {253402300799, 0}, "the last one"},
    };
    for (TimeRow const& row : rows) {
        auto const parsed = parse_time(row.text);
        ASSERT_TRUE(std::holds_alternative<Timespec>(parsed)) << row.text;
        EXPECT_EQ(std::get<Timespec>(parsed), row.expected) << row.text << ": " << row.reason;
    }
}

TEST(When, WithoutAZoneTheLocalOneHolds) {
    Zone const zone("XYZ-3");
    EXPECT_EQ(std::get<Timespec>(parse_time("1970-01-01T03:00:00")), (Timespec{0, 0}));
}

TEST(When, RefusesWhatIsNoPointInTime) {
    char const* const rows[] = {"",
                                "@",
                                "@x",
                                "@1.",
                                "@1.0000000001",
                                "@99999999999999999999",
                                "tomorrow",
                                "2030",
                                "2030-1-1",
                                "2030-02-29",
                                "2030-13-01",
                                "2030-00-01",
                                "2030-01-00",
                                "2030-01-32",
                                "0000-01-01",
                                "2030-01-01T24:00",
                                "2030-01-01T12:60",
                                "2030-01-01T12:00:60",
                                "2030-01-01T",
                                "2030-01-01T12:00Zx",
                                "2030-01-01T12:00+24:00",
                                "2030-01-01T12:00:00.Z"};
    for (char const* const text : rows) {
        auto const parsed = parse_time(text);
        ASSERT_TRUE(std::holds_alternative<WhenFault>(parsed)) << text;
        EXPECT_EQ(std::get<WhenFault>(parsed).reason.rfind("'" + std::string(text) + "': ", 0), 0u)
            << "the reason begins with what was refused";
    }
}

TEST(When, ReadsEverySpan) {
    TimeRow const rows[] = {
        {"+1y2d3h", {365 * 86400 + 2 * 86400 + 3 * 3600, 0}, "several units"},
        {"-90s", {-90, 0}, "backwards"},
        {"90", {90, 0}, "no unit: seconds"},
        {"1m30s", {90, 0}, "m is minutes where no s follows"},
        {"250ms", {0, 250'000'000}, "ms is not m and s"},
        {"-250ms", {-1, 750'000'000}, "backwards by a part of a second"},
        {"1.5s", {1, 500'000'000}, "a fraction of a second"},
        {"1500ms", {1, 500'000'000}, "more than a second of them"},
        {"3us4ns", {0, 3'004}, "the two shortest"},
        {"0", {0, 0}, "nothing"},
        {"1w", {i64{7} * 86400, 0}, "weeks"},
    };
    for (TimeRow const& row : rows) {
        auto const parsed = parse_span(row.text);
        ASSERT_TRUE(std::holds_alternative<Timespec>(parsed)) << row.text;
        EXPECT_EQ(std::get<Timespec>(parsed), row.expected) << row.text << ": " << row.reason;
    }
}

TEST(When, RefusesWhatIsNoSpan) {
    char const* const rows[] = {"",
                                "+",
                                "y",
                                "1x",
                                "1d1y",
                                "1s1s",
                                "1.5h",
                                "1y-2d",
                                "1 d",
                                "1d2",
                                "9223372036854775807y",
                                "99999999999999999999s",
                                "--1s"};
    for (char const* const text : rows)
        EXPECT_TRUE(std::holds_alternative<WhenFault>(parse_span(text))) << text;
}

TEST(When, ADifferenceThatFitsNoClockIsNone) {
    EXPECT_EQ(difference({5, 0}, {3, 1}), (Timespec{1, 999'999'999}));
    EXPECT_EQ(difference({INT64_MIN, 0}, {1, 0}), std::nullopt);
}

}  // namespace
}  // namespace vdsokit::tool
