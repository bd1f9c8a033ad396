// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/console_input.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace vdsokit::machine {
namespace {

using Input = std::unique_ptr<ConsoleInput>;

Input received(std::string const& bytes) {
    auto input = std::make_unique<ConsoleInput>();
    for (char const byte : bytes) input->receive(static_cast<u8>(byte));
    return input;
}

std::string read_all(ConsoleInput& input) {
    std::string out(ConsoleInput::capacity, '\0');
    out.resize(input.read(reinterpret_cast<u8*>(out.data()), out.size()));
    return out;
}

TEST(ConsoleInput, marks_are_taken_out_of_the_stream) {
    struct Row {
        std::string sent;
        std::string read;
        bool ended;
        char const* reason;
    };
    Row const rows[] = {
        {"abc", "abc", false, "plain bytes"},
        {"a\x10\x10z", "a\x10z", false, "an escape that stands for itself"},
        {"ab\x10"
         "E",
         "ab", true, "the end"},
        {"\x10"
         "Eab\x10\x10",
         "", true, "nothing follows the end"},
        {"a\x10?b", "ab", false, "an unknown mark"},
        {"a\x10", "a", false, "a mark that has not come yet"},
        {std::string("a\x10W\x10\x00\x45\x10"
                     "b",
                     8),
         "ab", false, "escapes inside a size are part of it"},
    };
    for (Row const& row : rows) {
        Input const input = received(row.sent);
        EXPECT_EQ(read_all(*input), row.read) << row.reason;
        EXPECT_EQ(input->is_ended(), row.ended) << row.reason;
    }
}

TEST(ConsoleInput, the_end_comes_after_the_last_byte_is_read) {
    Input const input = received(
        "a\x10"
        "E");
    EXPECT_FALSE(input->is_ended());
    EXPECT_EQ(read_all(*input), "a");
    EXPECT_TRUE(input->is_ended());
}

TEST(ConsoleInput, a_new_size_is_told_once_and_only_when_whole) {
    Input const input = received(std::string("\x10W\x18\x00\x50", 5));
    ConsoleInput::Size size{};
    EXPECT_FALSE(input->take_size(size));
    input->receive(0x01);
    ASSERT_TRUE(input->take_size(size));
    EXPECT_EQ(size.rows, 24);
    EXPECT_EQ(size.columns, 0x150);
    EXPECT_FALSE(input->take_size(size));
}

TEST(ConsoleInput, a_full_ring_gives_every_byte_back_in_order_round_its_end) {
    Input const input = received(std::string(1000, 'x'));
    EXPECT_EQ(read_all(*input).size(), 1000u);
    for (u64 at = 0; at < ConsoleInput::capacity; ++at) {
        ASSERT_FALSE(input->is_full());
        input->receive(static_cast<u8>('a' + at % 26));
    }
    EXPECT_TRUE(input->is_full());
    std::string const all = read_all(*input);
    ASSERT_EQ(all.size(), ConsoleInput::capacity);
    for (u64 at = 0; at < all.size(); ++at) ASSERT_EQ(all[at], static_cast<char>('a' + at % 26));
    EXPECT_TRUE(input->is_empty());
}

TEST(ConsoleInput, a_read_takes_no_more_than_it_asks_for) {
    Input const input = received("abc");
    u8 two[2];
    EXPECT_EQ(input->read(two, 2), 2u);
    EXPECT_EQ(two[1], 'b');
    EXPECT_EQ(input->read(two, 0), 0u);
    EXPECT_EQ(read_all(*input), "c");
}

}  // namespace
}  // namespace vdsokit::machine
