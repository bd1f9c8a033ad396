// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/records.h"

#include <gtest/gtest.h>

namespace vdsokit::launch {
namespace {

TEST(Record, is_a_line_of_keys_and_values_behind_its_kind) {
    auto const record = read_record("stats: pid=3 status=0 exe=/bin/probe clock_gettime=12");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->kind, "stats");
    EXPECT_EQ(record->text("exe"), "/bin/probe");
    EXPECT_EQ(record->number("clock_gettime"), 12);
    EXPECT_EQ(record->number("gettimeofday"), 0) << "what is not there is 0";
    EXPECT_EQ(record->text("none"), "");
}

TEST(Record, is_nothing_else) {
    for (char const* line : {"", "plain", "stats:pid=3", "error: no such file", "a: b=c d"})
        EXPECT_FALSE(read_record(line)) << line;
}

TEST(RecordFilter, keeps_the_wanted_kinds_and_shows_the_rest_in_whole_lines) {
    RecordFilter filter({"probe"});
    EXPECT_EQ(filter.pass("hel"), "");
    EXPECT_EQ(filter.pass("lo\nprobe: pid=1\nother: x=1\nend"), "hello\nother: x=1\n");
    EXPECT_EQ(filter.rest(), "end");
    ASSERT_EQ(filter.records().size(), 1u);
    EXPECT_EQ(filter.records()[0].text("pid"), "1");
}

}  // namespace
}  // namespace vdsokit::launch
