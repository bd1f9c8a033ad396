// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/boot_arguments.h"

#include <gtest/gtest.h>

#include <string_view>

namespace vdsokit::machine {
namespace {

using personality::VdsoMode;

kit::Bytes bytes(std::string_view text) {
    return {reinterpret_cast<u8 const*>(text.data()), text.size()};
}

TEST(BootArguments, an_empty_line_means_a_byte_stream_and_a_shared_vdso) {
    auto const read = read_boot_arguments({});
    ASSERT_TRUE(read);
    EXPECT_EQ(read.value().vdso, VdsoMode::shared);
    EXPECT_FALSE(read.value().terminal || read.value().stats || read.value().verbose);
    EXPECT_EQ(read.value().rows, 0);
}

TEST(BootArguments, every_word_is_taken_wherever_it_stands) {
    auto const read =
        read_boot_arguments(bytes("  verbose vdso=rel4 rows=65535  columns=0 stats terminal "));
    ASSERT_TRUE(read);
    EXPECT_EQ(read.value().vdso, VdsoMode::rel4);
    EXPECT_TRUE(read.value().terminal && read.value().stats && read.value().verbose);
    EXPECT_EQ(read.value().rows, 65535);
    EXPECT_EQ(read.value().columns, 0);
    EXPECT_EQ(read_boot_arguments(bytes("vdso=none")).value().vdso, VdsoMode::none);
}

TEST(BootArguments, a_word_that_is_not_understood_is_refused_by_name) {
    struct Row {
        std::string_view line;
        std::string_view word;
        char const* reason;
    };
    Row const rows[] = {
        {"stats quiet", "quiet", "no such word"},
        {"vdso=", "vdso=", "no mode"},
        {"vdso=sharedd", "vdso=sharedd", "longer than a mode"},
        {"stat", "stat", "shorter than a word"},
        {"rows=65536", "rows=65536", "does not fit"},
        {"rows=99999999999999999999", "rows=99999999999999999999", "would wrap"},
        {"rows=", "rows=", "no number"},
        {"columns=8x", "columns=8x", "not a number"},
        {"rows=-1", "rows=-1", "negative"},
        {"stats\tverbose", "stats\tverbose", "only spaces separate"},
    };
    for (Row const& row : rows) {
        auto const read = read_boot_arguments(bytes(row.line));
        ASSERT_FALSE(read) << row.reason;
        kit::Bytes const word = read.error().word;
        EXPECT_EQ(std::string_view(reinterpret_cast<char const*>(word.data()), word.size()),
                  row.word)
            << row.reason;
    }
}

}  // namespace
}  // namespace vdsokit::machine
