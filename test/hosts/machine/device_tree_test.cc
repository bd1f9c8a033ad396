// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/device_tree.h"

#include <gtest/gtest.h>

#include <string>

#include "test/hosts/machine/tree_builder.h"

namespace vdsokit::machine {
namespace {

using test::as_bytes;
using test::put_word;
using test::TreeBuilder;

constexpr u32 end_of_tree = 9;
constexpr u32 nop = 4;
// Where the structure of a tree without reservations begins.
constexpr u32 structure = 40 + 16;

TreeBuilder sample() {
    TreeBuilder tree;
    tree.begin("")
        .words("#address-cells", {2})
        .begin("uart@9000000")
        .strings("compatible", {"arm,pl011", "arm,primecell"})
        .token(nop)
        .property("empty", {})
        .begin("child")
        .end()
        .end()
        .begin("memory@40000000")
        .words("reg", {0, 0x40000000, 0, 0x8000000})
        .end()
        .end()
        .token(end_of_tree);
    return tree;
}

std::string text(kit::Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

// Everything that a user can ask of every node.
u64 visit(DeviceTree const& tree, DeviceNode node) {
    u64 count = 1;
    kit::Bytes value;
    u32 word = 0;
    tree.name(node);
    tree.property(node, "compatible", value);
    tree.property_lists(node, "compatible", "arm,pl011");
    tree.property_word(node, "reg", word);
    for (DeviceNode at = tree.first_child(node); at != no_node; at = tree.next_sibling(at))
        count += visit(tree, at);
    return count;
}

TEST(DeviceTree, nodes_and_properties_are_found_by_name) {
    auto const bytes = sample().build();
    auto const opened = open_device_tree(as_bytes(bytes));
    ASSERT_TRUE(opened);
    DeviceTree const& tree = opened.value();
    EXPECT_EQ(visit(tree, tree.root()), 4u);
    EXPECT_EQ(text(tree.name(tree.root())), "");

    DeviceNode const uart = tree.first_child(tree.root());
    EXPECT_EQ(text(tree.name(uart)), "uart@9000000");
    EXPECT_TRUE(tree.property_lists(uart, "compatible", "arm,primecell"));
    EXPECT_FALSE(tree.property_lists(uart, "compatible", "arm,prime"));
    kit::Bytes value;
    EXPECT_TRUE(tree.property(uart, "empty", value));
    EXPECT_EQ(value.size(), 0u);
    EXPECT_FALSE(tree.property(uart, "reg", value));

    DeviceNode const memory = tree.next_sibling(uart);
    EXPECT_EQ(text(tree.name(memory)), "memory@40000000");
    ASSERT_TRUE(tree.property(memory, "reg", value));
    EXPECT_EQ(big_double(value, 0), 0x40000000u);
    EXPECT_EQ(tree.next_sibling(memory), no_node);
    EXPECT_EQ(tree.child(tree.root(), tree.name(memory)), memory);
    u32 cells = 0;
    EXPECT_TRUE(tree.property_word(tree.root(), "#address-cells", cells));
    EXPECT_EQ(cells, 2u);
    EXPECT_EQ(tree.next_sibling(tree.root()), no_node);
}

TEST(DeviceTree, what_follows_the_tree_in_the_bytes_is_not_part_of_it) {
    auto bytes = sample().build();
    u64 const size = bytes.size();
    bytes.resize(size + 4096, 0xff);
    auto const opened = open_device_tree(as_bytes(bytes));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened.value().size(), size);
}

TEST(DeviceTree, reservations_end_at_the_first_empty_one) {
    auto const bytes = sample().reserve(0x1000, 0x2000).reserve(0x8000, 0x1000).build();
    auto const opened = open_device_tree(as_bytes(bytes));
    ASSERT_TRUE(opened);
    ReservedRange range;
    ASSERT_TRUE(opened.value().reservation(1, range));
    EXPECT_EQ(range.base, 0x8000u);
    EXPECT_FALSE(opened.value().reservation(2, range));
}

TEST(DeviceTree, a_header_that_makes_no_sense_is_refused_where_it_says_so) {
    struct Row {
        u64 at;
        u32 value;
        DeviceTreeFault expect;
        char const* reason;
    };
    using enum DeviceTreeError;
    Row const rows[] = {
        {0, 0xfeedd00d, {wrong_magic, 0}, "the other byte order"},
        {4, 0x7fffffff, {block_outside, 4}, "larger than the bytes that are there"},
        {4, 39, {block_outside, 4}, "smaller than its header"},
        {8, 0xfffffffc, {block_outside, 8}, "offset + size wraps in 32 bits"},
        {8, 58, {misaligned, 8}, "words that do not start at a word"},
        {12, 0xfffffff0, {block_outside, 12}, "strings far away"},
        {16, 0x10000000, {block_outside, 16}, "reservations far away"},
        {20, 16, {wrong_version, 20}, "older: has no structure size"},
        {24, 18, {wrong_version, 20}, "newer, and not compatible with 17"},
        {32, 0xffffffff, {block_outside, 12}, "the strings' size wraps"},
        {36, 0xffffffff, {block_outside, 8}, "the structure's size wraps"},
    };
    for (Row const& row : rows) {
        auto bytes = sample().build();
        put_word(bytes, row.at, row.value);
        auto const opened = open_device_tree(as_bytes(bytes));
        ASSERT_FALSE(opened) << row.reason;
        EXPECT_EQ(opened.error(), row.expect) << row.reason;
    }
    auto const short_bytes = std::vector<u8>(39);
    EXPECT_EQ(open_device_tree(as_bytes(short_bytes)).error(), (DeviceTreeFault{too_short, 0}));
}

TEST(DeviceTree, a_structure_that_makes_no_sense_is_refused_where_it_goes_wrong) {
    struct Row {
        TreeBuilder tree;
        DeviceTreeFault expect;
        char const* reason;
    };
    using enum DeviceTreeError;
    TreeBuilder deep;
    for (int level = 0; level < 17; ++level) deep.begin("");
    Row const rows[] = {
        {TreeBuilder().token(end_of_tree), {no_root, structure}, "ends before it begins"},
        {TreeBuilder().token(2).token(end_of_tree), {unbalanced, structure}, "an end first"},
        {TreeBuilder().begin("").token(end_of_tree), {unbalanced, structure + 8}, "never ended"},
        {TreeBuilder().begin("").end(), {truncated, structure + 12}, "no end token"},
        {TreeBuilder().begin("").end().begin(""), {unbalanced, structure + 12}, "two roots"},
        {TreeBuilder().words("x", {1}), {unbalanced, structure}, "a property outside nodes"},
        {TreeBuilder().begin("").token(5), {unknown_token, structure + 8}, "5 is no token"},
        {TreeBuilder().begin("").token(3).token(0),
         {truncated, structure + 8},
         "a property without its name"},
        {TreeBuilder().begin("").token(3).token(8).token(0).token(0),
         {truncated, structure + 8},
         "a value longer than what is left"},
        {TreeBuilder().begin("").token(3).token(0xffffffff).token(0).token(0).token(0),
         {truncated, structure + 8},
         "a size that would wrap"},
        {TreeBuilder().begin("").token(3).token(0).token(99).token(0),
         {name_not_ended, structure + 8},
         "a name offset past the strings"},
        {TreeBuilder().token(1).token(0x61616161),
         {name_not_ended, structure},
         "a name that runs to the end of the structure"},
        {deep, {nested_too_deep, structure + 16 * 8}, "the 17th level"},
    };
    for (Row const& row : rows) {
        auto const bytes = row.tree.build();
        auto const opened = open_device_tree(as_bytes(bytes));
        ASSERT_FALSE(opened) << row.reason;
        EXPECT_EQ(opened.error(), row.expect) << row.reason;
    }
}

TEST(DeviceTree, a_property_name_without_an_end_is_refused) {
    auto bytes = TreeBuilder().begin("").words("name", {1}).end().token(end_of_tree).build();
    bytes.back() = 'x';  // the NUL of the only string
    auto const opened = open_device_tree(as_bytes(bytes));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().error, DeviceTreeError::name_not_ended);
}

// The bytes stand at the end of an allocation, so that one read too far is seen by the sanitizer.
TEST(DeviceTree, no_beginning_of_a_tree_is_read_past_its_end) {
    auto const whole = sample().build();
    for (u64 size = 0; size < whole.size(); ++size) {
        std::vector<u8> const bytes(whole.begin(), whole.begin() + static_cast<i64>(size));
        EXPECT_FALSE(open_device_tree(as_bytes(bytes))) << size;
    }
}

TEST(DeviceTree, a_tree_with_any_byte_changed_is_refused_or_can_be_walked) {
    auto const whole = sample().reserve(1, 2).build();
    u64 walked = 0;
    for (u64 at = 0; at < whole.size(); ++at) {
        for (u8 const value : {u8{0}, u8{1}, u8{2}, u8{3}, u8{9}, u8{0x7f}, u8{0x80}, u8{0xff}}) {
            std::vector<u8> bytes = whole;
            bytes[at] = value;
            auto const opened = open_device_tree(as_bytes(bytes));
            if (!opened) continue;
            visit(opened.value(), opened.value().root());
            ReservedRange range;
            for (u32 index = 0; opened.value().reservation(index, range); ++index) {}
            ++walked;
        }
    }
    EXPECT_GT(walked, 100u);
}

}  // namespace
}  // namespace vdsokit::machine
