// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/line_discipline.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vdsokit::personality {
namespace {

struct Terminal final : TerminalPort {
    Terminal() : discipline(*this) {}
    void show(u8 const* bytes, u64 size) override {
        shown.append(reinterpret_cast<char const*>(bytes), size);
    }
    void raise(i32 signal) override { raised.push_back(signal); }
    void type(std::string const& bytes) {
        for (char const byte : bytes) discipline.receive(static_cast<u8>(byte));
    }
    // What one read gives, or "(waits)".
    std::string read(u32 size = 1000, u32 minimum = 1) {
        if (!discipline.is_readable(minimum)) return "(waits)";
        std::string bytes(size, '\0');
        bool more = false;
        bytes.resize(discipline.read(reinterpret_cast<u8*>(bytes.data()), size, more));
        return bytes;
    }
    std::vector<std::string> read_lines() {
        std::vector<std::string> lines;
        for (std::string line = read(); line != "(waits)"; line = read()) lines.push_back(line);
        return lines;
    }
    void change(void (*edit)(TerminalSettings&)) {
        TerminalSettings settings = discipline.settings();
        edit(settings);
        discipline.set(settings);
    }

    std::string shown;
    std::vector<i32> raised;
    LineDiscipline discipline;
};

TEST(LineDiscipline, EditsALineUntilItEnds) {
    struct Case {
        std::string typed;
        std::vector<std::string> lines;
        std::string shown;
        char const* reason;
    };
    std::string const wipe = "\b \b";
    std::string const four = wipe + wipe + wipe + wipe;
    Case const cases[] = {
        {"ab", {}, "ab", "a line that is not ended is nobody's"},
        {"ab\r", {"ab\n"}, "ab\r\n", "return is newline, shown as both"},
        {"a\rb\r", {"a\n", "b\n"}, "a\r\nb\r\n", "a read is one line"},
        {"ax\177b\r", {"ab\n"}, "ax" + wipe + "b\r\n", "erase takes a character"},
        {"\177\177a\r", {"a\n"}, "a\r\n", "and stops at the start of the line"},
        {"\303\251\177e\r", {"e\n"}, "\303\251" + wipe + "e\r\n", "all bytes of a character"},
        {"\001\177\r", {"\n"}, "^A" + wipe + wipe + "\r\n", "both columns of a control character"},
        {"one two \027x\r", {"one x\n"}, "one two " + four + "x\r\n", "^W takes a word and blanks"},
        {"junk\025ok\r", {"ok\n"}, "junk" + four + "ok\r\n", "^U takes the line"},
        {"\004", {""}, "", "^D at the start is the end of the file"},
        {"ab\004", {"ab"}, "ab", "elsewhere it sends what there is"},
        {"ab\004\004", {"ab", ""}, "ab", "and twice is both"},
        {"\026\004\r", {"\004\n"}, "^D\r\n", "^V takes the meaning away"},
        {"ab\022\r", {"ab\n"}, "ab^R\r\nab\r\n", "^R shows the line again"},
    };
    for (Case const& each : cases) {
        Terminal terminal;
        terminal.type(each.typed);
        EXPECT_EQ(terminal.read_lines(), each.lines) << each.reason;
        EXPECT_EQ(terminal.shown, each.shown) << each.reason;
    }
}

TEST(LineDiscipline, ALineIsReadInParts) {
    Terminal terminal;
    terminal.type("abcdef\rg\r");
    EXPECT_EQ(terminal.read(4), "abcd");
    EXPECT_EQ(terminal.discipline.available(), 5u);
    terminal.discipline.take_back();
    EXPECT_EQ(terminal.read(4), "abcd");
    EXPECT_EQ(terminal.read(4), "ef\n");
    EXPECT_EQ(terminal.read(4), "g\n");
    EXPECT_EQ(terminal.read(4), "(waits)");
}

TEST(LineDiscipline, AnEndOfFileBehindBytesThatFillTheBufferIsUsedUp) {
    Terminal terminal;
    terminal.type("ab\x04");
    EXPECT_EQ(terminal.read(2), "ab");
    EXPECT_EQ(terminal.read(2), "(waits)");
}

TEST(LineDiscipline, SignalsDropTheLine) {
    Terminal terminal;
    terminal.type("junk\003a\034b\032c\r");
    EXPECT_EQ(terminal.raised, (std::vector<i32>{2, 3, 20}));
    EXPECT_EQ(terminal.read(), "c\n");
    EXPECT_EQ(terminal.shown, "junk^Ca^\\b^Zc\r\n");
}

TEST(LineDiscipline, SignalsMayKeepIt) {
    Terminal terminal;
    terminal.change([](TerminalSettings& settings) { settings.local |= local_flag::no_flush; });
    terminal.type("a\003b\r");
    EXPECT_EQ(terminal.read(), "ab\n");
}

TEST(LineDiscipline, WithoutEditingBytesComeAsTheyAre) {
    Terminal terminal;
    terminal.change([](TerminalSettings& settings) {
        settings.local = 0;
        settings.input = 0;
        settings.output = 0;
    });
    EXPECT_EQ(terminal.read(), "(waits)");
    terminal.type("\x03\x7f\r");
    EXPECT_EQ(terminal.read(10, 4), "(waits)") << "MIN 4";
    EXPECT_EQ(terminal.read(), "\x03\x7f\r");
    EXPECT_EQ(terminal.shown, "");
    EXPECT_TRUE(terminal.raised.empty());
}

TEST(LineDiscipline, ABegunLineCanBeReadWhenEditingEnds) {
    Terminal terminal;
    terminal.type("ab");
    EXPECT_EQ(terminal.read(), "(waits)");
    terminal.change([](TerminalSettings& settings) { settings.local &= ~local_flag::canonical; });
    EXPECT_EQ(terminal.read(), "ab");
}

TEST(LineDiscipline, AFullBufferStillEndsItsLine) {
    Terminal terminal;
    terminal.type(std::string(10'000, 'x'));
    EXPECT_EQ(terminal.read(), "(waits)");
    terminal.type("\r");
    EXPECT_FALSE(terminal.discipline.has_room());
    EXPECT_EQ(terminal.read(10'000).size(), LineDiscipline::capacity);
    EXPECT_TRUE(terminal.discipline.has_room());
}

TEST(LineDiscipline, TheCountersMayRunOnForEver) {
    Terminal terminal;
    for (int round = 0; round < 3'000; ++round) {
        terminal.type("0123456789\r");
        ASSERT_EQ(terminal.read(), "0123456789\n");
    }
}

TEST(LineDiscipline, HangingUpEndsTheFile) {
    Terminal terminal;
    terminal.type("rest");
    terminal.discipline.hang_up();
    EXPECT_EQ(terminal.read(), "rest");
    EXPECT_EQ(terminal.read(), "");
}

TEST(LineDiscipline, OutputTurnsNewlines) {
    Terminal terminal;
    std::string const text = "a\nb\r\n\n";
    terminal.discipline.write(reinterpret_cast<u8 const*>(text.data()), text.size());
    EXPECT_EQ(terminal.shown, "a\r\nb\r\r\n\r\n");
}

}  // namespace
}  // namespace vdsokit::personality
