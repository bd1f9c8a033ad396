// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/libraries.h"

#include <gtest/gtest.h>

#include "test/tool/launch/elf_file.h"
#include "test/tool/launch/temporary_folder.h"

namespace vdsokit::launch {
namespace {

class Libraries : public testing::Test {
protected:
    Libraries() { places.libraries = {folder.path() / "first", folder.path() / "second"}; }
    void add(std::string const& name, std::vector<std::string> const& libraries) {
        folder.add(name, ElfFile{.interpreter = "", .libraries = libraries}.bytes());
    }
    void complete(std::string const& interpreter, std::vector<std::string> const& libraries) {
        add_needs(tree, ElfFile{.interpreter = interpreter, .libraries = libraries}.bytes(),
                  places);
    }

    TemporaryFolder folder;
    Places places;
    GuestTree tree;
};

TEST_F(Libraries, are_found_with_those_that_they_need_themselves) {
    add("second/ld.so.1", {});
    add("second/liba.so.1", {"libb.so.1"});
    add("first/libb.so.1", {"liba.so.1"});
    complete("/lib/ld.so.1", {"liba.so.1"});
    EXPECT_TRUE(tree.contains("/lib/ld.so.1"));
    EXPECT_TRUE(tree.contains("/lib/liba.so.1"));
    EXPECT_TRUE(tree.contains("/lib/libb.so.1")) << "though it needs the one that needs it";
}

TEST_F(Libraries, are_left_out_where_the_user_brought_another) {
    add("first/liba.so.1", {});
    tree.add_file("/opt/liba.so.1", "the user's");
    complete("", {"liba.so.1"});
    EXPECT_FALSE(tree.contains("/lib/liba.so.1"));
}

TEST_F(Libraries, of_32_bit_programs_have_a_folder_of_their_own) {
    places.narrow_libraries = {folder.path() / "narrow"};
    ElfFile file{.interpreter = "", .libraries = {}, .machine = kit::elf::machine::arm};
    folder.add("narrow/libc.so.6", file.bytes());
    folder.add("narrow/ld.so.3", file.bytes());
    add("first/libc.so.6", {});
    complete("", {"libc.so.6"});
    file.interpreter = "/lib/ld.so.3";
    file.libraries = {"libc.so.6"};
    add_needs(tree, file.bytes(), places);
    EXPECT_TRUE(tree.contains("/lib/libc.so.6"));
    EXPECT_TRUE(tree.contains("/lib/arm-linux-gnueabihf/libc.so.6"))
        << "the other one of this name does not serve";
    EXPECT_TRUE(tree.contains("/lib/ld.so.3"));
}

TEST_F(Libraries, that_are_not_here_are_left_to_the_guest) {
    complete("/lib/ld-none.so", {"libnone.so.1"});
    EXPECT_FALSE(tree.contains("/lib/ld-none.so"));
    EXPECT_FALSE(tree.contains("/lib/libnone.so.1"));
}

TEST_F(Libraries, do_not_include_musl_under_its_other_name) {
    folder.add("first/libc.so", "a linker script of glibc's");
    complete("", {"libc.so"});
    EXPECT_FALSE(tree.contains("/lib/libc.so"));
}

TEST_F(Libraries, stay_in_the_tree_whatever_the_interpreter_is_called) {
    add("first/ld.so.1", {});
    complete("/lib/../etc/./ld.so.1", {});
    EXPECT_TRUE(tree.contains("/etc/ld.so.1"));
    complete("relative/ld.so.1", {});
    EXPECT_FALSE(tree.contains("relative/ld.so.1"));
    complete("/", {});
    complete("/..", {});
}

}  // namespace
}  // namespace vdsokit::launch
