// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/options.h"

#include <gtest/gtest.h>

#include "tool/launch/failure.h"

namespace vdsokit::launch {
namespace {

Options read(std::vector<std::string> words) {
    std::vector<char*> argv;
    std::string program = "vdsokit-virt";
    argv.push_back(program.data());
    for (std::string& word : words) argv.push_back(word.data());
    auto const result = read_options(static_cast<int>(argv.size()), argv.data());
    if (int const* const status = std::get_if<int>(&result)) throw Failure{*status, "said"};
    return std::get<Options>(result);
}

int status_of(std::vector<std::string> const& words) {
    try {
        read(words);
    } catch (Failure const& failure) {
        return failure.status;
    }
    return -1;
}

using Words = std::vector<std::string>;

TEST(Options, without_a_program_ask_for_the_demonstration) {
    EXPECT_EQ(read({}).task, Task::demonstration);
    EXPECT_EQ(read({"--stats"}).task, Task::demonstration);
    EXPECT_EQ(read({"--shell"}).task, Task::shell);
}

TEST(Options, behind_the_program_are_the_programs) {
    Options const options = read({"--stats", "./program", "-l", "--verbose", "--", "x"});
    EXPECT_EQ(options.task, Task::program);
    EXPECT_EQ(options.command, (Words{"./program", "-l", "--verbose", "--", "x"}));
    EXPECT_TRUE(options.stats);
    EXPECT_FALSE(options.verbose);
}

TEST(Options, end_at_two_dashes) {
    EXPECT_EQ(read({"--stats", "--", "-odd-name", "x"}).command, (Words{"-odd-name", "x"}));
}

TEST(Options, bring_one_file_each) {
    Options const options =
        read({"--file", "a/b", "--file=/x=/etc/y", "--file", "./c", "program", "argument"});
    ASSERT_EQ(options.files.size(), 3u);
    EXPECT_EQ(options.files[0].host_path, "a/b");
    EXPECT_EQ(options.files[0].guest_path, "/a/b");
    EXPECT_EQ(options.files[1].host_path, "/x");
    EXPECT_EQ(options.files[1].guest_path, "/etc/y");
    EXPECT_EQ(options.files[2].guest_path, "/c");
    EXPECT_EQ(options.command, (Words{"program", "argument"}));
}

TEST(Options, choose_the_image) {
    EXPECT_EQ(read({}).image_use, ImageUse::shared);
    EXPECT_EQ(read({"--no-vdso"}).image_use, ImageUse::none);
    EXPECT_EQ(read({"--rel4"}).image_use, ImageUse::rel4);
    EXPECT_EQ(read({"--vdso", "other.so"}).image, "other.so");
}

TEST(Options, that_are_wrong_are_the_launchers_failure) {
    EXPECT_EQ(status_of({"--no-such"}), status_host_failure);
    EXPECT_EQ(status_of({"--file"}), status_host_failure);
    EXPECT_EQ(status_of({"--file", "../x", "program"}), status_host_failure);
    EXPECT_EQ(status_of({"--shell", "program"}), status_host_failure);
    EXPECT_EQ(status_of({"--no-vdso", "--vdso", "x"}), status_host_failure);
    EXPECT_EQ(status_of({"--no-vdso", "--rel4"}), status_host_failure);
    EXPECT_EQ(status_of({"--help"}), 0) << "help is no failure";
}

}  // namespace
}  // namespace vdsokit::launch
