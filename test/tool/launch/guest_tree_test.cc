// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/guest_tree.h"

#include <gtest/gtest.h>

#include "test/tool/launch/temporary_folder.h"
#include "tool/launch/failure.h"

namespace vdsokit::launch {
namespace {

struct PathCase {
    char const* path;
    char const* expect;  // nullptr: refused
    char const* reason;
};

PathCase const path_cases[] = {
    {"/etc/hosts", "/etc/hosts", "absolute paths stay"},
    {"data/file", "/data/file", "a relative path begins at the root, where programs start"},
    {"./a//b/./c", "/a/b/c", "empty and . parts go"},
    {"/a/", "/a", "a slash at the end goes"},
    {"../a", nullptr, "up from where? the guest has another tree"},
    {"/a/../b", nullptr, "the same in the middle"},
    {"a/..b/...", "/a/..b/...", "two dots inside a name are a name"},
    {"/", nullptr, "the root is no file"},
    {"", nullptr, "neither is nothing"},
};

TEST(GuestPath, is_absolute_and_plain) {
    for (PathCase const& row : path_cases) {
        if (row.expect != nullptr) {
            EXPECT_EQ(normal_guest_path(row.path), row.expect) << row.reason;
        } else {
            EXPECT_THROW(normal_guest_path(row.path), Failure) << row.reason;
        }
    }
}

TEST(GuestTree, puts_each_parent_in_front_of_what_it_holds) {
    GuestTree tree;
    tree.add_file("/a/b/c", "contents");
    std::string const archive = tree.archive();
    auto const place = [&](std::string const& name) { return archive.find(name + '\0'); };
    using namespace std::string_literals;
    EXPECT_LT(place("a"s), place("a/b"s));
    EXPECT_LT(place("a/b"s), place("a/b/c"s));
    EXPECT_NE(archive.find("contents"), std::string::npos);
}

TEST(GuestTree, brings_a_folder_with_all_below_it) {
    TemporaryFolder folder;
    folder.add("top/one", "1");
    folder.add("top/below/two", "2", 0755);
    GuestTree tree;
    tree.add_from_host("/data", (folder.path() / "top").string());
    EXPECT_TRUE(tree.contains("/data/one"));
    EXPECT_TRUE(tree.contains("/data/below/two"));
    EXPECT_EQ(tree.find_by_name("two"), "/data/below/two");
    EXPECT_EQ(tree.find_by_name("below"), "") << "a folder is no file";
    EXPECT_EQ(tree.find_by_name("wo"), "") << "a whole name, not its end";
}

TEST(GuestTree, names_the_file_that_cannot_be_brought) {
    GuestTree tree;
    try {
        tree.add_from_host("/x", "/no/such/file");
        FAIL();
    } catch (Failure const& failure) {
        EXPECT_EQ(failure.status, status_host_failure);
        EXPECT_EQ(failure.text, "/no/such/file: No such file or directory");
    }
    EXPECT_THROW(tree.add_from_host("/x", "/dev/null"), Failure) << "a device has no contents";
}

TEST(GuestTree, takes_the_last_of_two_files_at_one_path) {
    GuestTree tree;
    tree.add_file("/a", "first");
    tree.add_file("/a", "second");
    EXPECT_EQ(tree.archive().find("first"), std::string::npos);
}

}  // namespace
}  // namespace vdsokit::launch
