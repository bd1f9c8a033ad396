// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/printable.h"

#include <gtest/gtest.h>

namespace vdsokit::test {
namespace {

TEST(Printable, a_terminal_gets_no_control_characters) {
    struct Row {
        kit::Text text;
        char const* expect;
        char const* reason;
    };
    Row const rows[] = {
        {"__kernel_clock_gettime", "__kernel_clock_gettime", "plain names stay"},
        {"", "", "no name"},
        {"\x1b[2Jgone", "\\x1b[2Jgone", "would clear the screen"},
        {"a\nb: ok", "a\\x0ab: ok", "would forge a line"},
        {"\xff\xc3\x28", "\\xff\\xc3(", "no UTF-8"},
        {"a\\x41", "a\\\\x41", "a backslash cannot be taken for an escape"},
        {"\x7f", "\\x7f", "delete"},
    };
    for (Row const& row : rows) EXPECT_EQ(tool::printable(row.text), row.expect) << row.reason;
}

}  // namespace
}  // namespace vdsokit::test
