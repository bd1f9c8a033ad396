// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/elf_needs.h"

#include <gtest/gtest.h>

#include "test/tool/launch/elf_file.h"

namespace vdsokit::launch {
namespace {

TEST(ElfNeeds, are_the_interpreter_and_the_libraries_in_order) {
    ElfFile const file{.interpreter = "/lib/ld.so", .libraries = {"libb.so", "liba.so"}};
    auto const needs = read_elf_needs(file.bytes());
    ASSERT_TRUE(needs);
    EXPECT_EQ(needs->machine, kit::elf::machine::aarch64);
    EXPECT_EQ(needs->interpreter, "/lib/ld.so");
    EXPECT_EQ(needs->libraries, (std::vector<std::string>{"libb.so", "liba.so"}));
}

TEST(ElfNeeds, are_none_for_a_static_program) {
    auto const needs = read_elf_needs(ElfFile{.interpreter = "", .libraries = {}}.bytes());
    ASSERT_TRUE(needs);
    EXPECT_EQ(needs->interpreter, "");
    EXPECT_TRUE(needs->libraries.empty());
}

TEST(ElfNeeds, are_no_matter_of_other_files) {
    EXPECT_FALSE(read_elf_needs(""));
    EXPECT_FALSE(read_elf_needs("#!/bin/sh\n"));
    EXPECT_FALSE(
        read_elf_needs("\x7f"
                       "ELF"));
    std::string other = ElfFile{.interpreter = "", .libraries = {}}.bytes();
    other[5] = 2;
    EXPECT_FALSE(read_elf_needs(other)) << "big-endian";
}

// Under the sanitizers: no read outside the file, whatever its numbers say.
TEST(ElfNeeds, can_be_asked_of_a_damaged_file) {
    std::string const whole =
        ElfFile{.interpreter = "/lib/ld.so", .libraries = {"liba.so", "libb.so"}}.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size)
        static_cast<void>(read_elf_needs(std::string(whole, 0, size)));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (char const value : {'\x00', '\x7f', '\xff'}) {
            std::string damaged = whole;
            damaged[at] = value;
            static_cast<void>(read_elf_needs(damaged));
        }
    }
}

}  // namespace
}  // namespace vdsokit::launch
