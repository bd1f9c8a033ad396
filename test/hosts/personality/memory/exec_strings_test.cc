// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/exec_strings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "host.h"

namespace vdsokit::personality {
namespace {

constexpr u64 base = 0x2000'0000;

std::vector<std::string> all(ExecStrings const& strings) {
    std::vector<std::string> found;
    for (u64 i = 0; i < strings.arguments() + strings.environment(); ++i) {
        u64 const size = strings.size(i, 4096);
        std::string text(size, '?');
        EXPECT_TRUE(strings.copy(i, 0, reinterpret_cast<u8*>(text.data()), size));
        EXPECT_EQ(text.back(), '\0');
        text.pop_back();
        found.push_back(text);
    }
    return found;
}

kit::Bytes bytes_of(std::string const& text) {
    return {reinterpret_cast<u8 const*>(text.data()), text.size()};
}

TEST(ExecStringsList, TheHostsOwnStringsEndWithNul) {
    std::string const argv("init\0-v\0not ended", 17);
    std::string const envp("A=1\0", 4);
    StringArray const arguments(bytes_of(argv));
    StringArray const environment(bytes_of(envp));
    ExecStrings const strings(arguments, environment);
    EXPECT_EQ(all(strings), (std::vector<std::string>{"init", "-v", "A=1"}));
    EXPECT_EQ(strings.arguments(), 2u);
    EXPECT_EQ(strings.size(0, 4), 5u) << "longer than the limit";
    EXPECT_EQ(strings.size(0, 5), 5u);
}

TEST(ExecStringsList, AScriptPutsItsInterpretersInFront) {
    std::string const argv("name\0one\0two\0", 13);
    StringArray const arguments(bytes_of(argv));
    StringArray const environment;
    ExecStrings strings(arguments, environment);
    ASSERT_TRUE(strings.replace_first("/tmp/script"));
    ASSERT_TRUE(strings.push_front("-e"));
    ASSERT_TRUE(strings.push_front("/tmp/interpreter"));
    ASSERT_TRUE(strings.push_front("/bin/sh"));
    EXPECT_EQ(all(strings), (std::vector<std::string>{"/bin/sh", "/tmp/interpreter", "-e",
                                                      "/tmp/script", "one", "two"}));
    StringArray const none;
    ExecStrings empty(none, none);
    ASSERT_TRUE(empty.replace_first("/tmp/script"));
    EXPECT_EQ(all(empty), (std::vector<std::string>{"/tmp/script"}));
}

TEST(ExecStringsList, AProcesssStringsAreFollowedThroughItsPointers) {
    Memory& memory = *Memory::create();
    MapRequest request;
    request.address = base;
    request.size = 2 * page_size;
    request.access = Access::read_write;
    request.placement = Placement::fixed;
    ASSERT_TRUE(memory.map(request));
    u64 const text = base + page_size - 3;  // across two pages
    ASSERT_TRUE(memory.copy_out({text}, "cross", 6));
    u64 const pointers[] = {text, text + 1, 0, 8, base + 2 * page_size - 1};
    ASSERT_TRUE(memory.copy_out({base}, pointers, sizeof(pointers)));

    StringArray array;
    ASSERT_TRUE(array.open(memory, {base}, 10));
    EXPECT_EQ(array.count(), 2u);
    StringArray const none;
    EXPECT_EQ(all(ExecStrings(array, none)), (std::vector<std::string>{"cross", "ross"}));
    EXPECT_EQ(array.size(0, 5), 6u);
    EXPECT_EQ(array.size(0, 6), 6u);

    ASSERT_TRUE(array.open(memory, {0}, 10));
    EXPECT_EQ(array.count(), 0u) << "no array is no string";
    ASSERT_TRUE(array.open(memory, {base}, 1));
    EXPECT_EQ(array.count(), 2u) << "one more than the limit says that there are more";
    EXPECT_FALSE(array.open(memory, {base - 8}, 10));
    EXPECT_FALSE(array.open(memory, {8}, 10));
    EXPECT_FALSE(array.open(memory, {~u64{0} - 7}, 10));
    ASSERT_TRUE(array.open(memory, {base + 16}, 10));
    EXPECT_EQ(array.count(), 0u);

    ASSERT_TRUE(array.open(memory, {base + 24}, 1));
    EXPECT_EQ(array.size(0, 100), 0u) << "a pointer to nowhere";
    ASSERT_TRUE(memory.store({base + 2 * page_size - 1}, 'x'));
    EXPECT_EQ(array.size(1, 100), 0u) << "a string that runs into nowhere";
    memory.release();
}

}  // namespace
}  // namespace vdsokit::personality
