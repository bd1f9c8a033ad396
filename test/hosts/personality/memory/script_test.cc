// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/script.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vdsokit::personality {
namespace {

ScriptKind parse(std::string const& head, ScriptLine& line) {
    std::vector<u8> const exact(head.begin(), head.end());
    return parse_script({exact.data(), exact.size()}, line);
}

TEST(Script, ALineIsAnInterpreterAndTheRestOfIt) {
    struct Row {
        std::string head;
        char const* interpreter;
        char const* argument;
    };
    Row const rows[] = {
        {"#!/bin/sh\necho", "/bin/sh", ""},
        {"#!/bin/sh", "/bin/sh", ""},
        {"#! /bin/sh -e\n", "/bin/sh", "-e"},
        {"#!\t/bin/sh \t -e  -x \t\nrest", "/bin/sh", "-e  -x"},
        {"#!a", "a", ""},
        {std::string("#!/bin/sh\0-e\n", 13), "/bin/sh", ""},
        {"#!/bin/sh \n", "/bin/sh", ""},
    };
    for (Row const& row : rows) {
        ScriptLine line;
        ASSERT_EQ(parse(row.head, line), ScriptKind::script) << row.head;
        EXPECT_STREQ(line.interpreter, row.interpreter);
        EXPECT_STREQ(line.argument, row.argument);
    }
}

TEST(Script, WhatNamesNoInterpreterIsMalformed) {
    ScriptLine line;
    for (char const* head : {"#!", "#!\n", "#! \t \n", "#!\n/bin/sh"})
        EXPECT_EQ(parse(head, line), ScriptKind::malformed) << head;
    EXPECT_EQ(parse(std::string("#!\0/bin/sh", 10), line), ScriptKind::malformed);
}

TEST(Script, WhatBeginsOtherwiseIsNone) {
    ScriptLine line;
    for (char const* head : {"", "#", "# !/bin/sh", "\177ELF", "!#/bin/sh", " #!/bin/sh"})
        EXPECT_EQ(parse(head, line), ScriptKind::no_script) << head;
}

TEST(Script, ANameThatReachesTheEndOfTheHeadMayBeCutOff) {
    ScriptLine line;
    std::string const full = "#!" + std::string(script_head_size - 2, 'x');
    EXPECT_EQ(parse(full, line), ScriptKind::malformed);
    std::string const fits = "#!" + std::string(script_head_size - 3, 'x') + "\n";
    EXPECT_EQ(parse(fits, line), ScriptKind::script);
    EXPECT_EQ(std::string(line.interpreter).size(), script_head_size - 3);
    std::string const argument = "#!/a " + std::string(script_head_size - 5, 'y');
    EXPECT_EQ(parse(argument, line), ScriptKind::script) << "an argument is cut off quietly";
    EXPECT_EQ(std::string(line.argument).size(), script_head_size - 5);
}

}  // namespace
}  // namespace vdsokit::personality
