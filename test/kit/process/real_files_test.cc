// SPDX-License-Identifier: BSD-2-Clause
// Files that a tool chain made: whatever the machine has of them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "test/kit/process/program_builder.h"

namespace vdsokit::test {
namespace {

std::vector<u8> contents(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<u8> bytes(file ? static_cast<u64>(file.tellg()) : 0);
    file.seekg(0);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

bool is_elf(std::vector<u8> const& bytes) {
    return bytes.size() > 64 && std::memcmp(bytes.data(), elf::magic, 4) == 0;
}

TEST(RealFiles, EverySharedObjectOfTheCrossCompilerHasAcceptableSegments) {
    if (!std::filesystem::is_directory(CROSS_LIBRARIES))
        GTEST_SKIP() << "no cross compiler in " CROSS_LIBRARIES;
    u64 seen = 0;
    for (auto const& entry : std::filesystem::directory_iterator(CROSS_LIBRARIES)) {
        if (entry.path().string().find(".so") == std::string::npos) continue;
        std::vector<u8> const bytes = contents(entry.path());
        if (!is_elf(bytes)) continue;
        seen += 1;
        auto const opened = open_bytes(bytes, rules_for<elf::Class64>());
        // A library need not have an entry point; nothing else may be wrong with it.
        if (!opened) {
            EXPECT_EQ(opened.error().error, kit::ProgramError::entry_outside_code)
                << entry.path() << ": " << text_of(opened.error().error);
            continue;
        }
        EXPECT_TRUE(opened.value().is_position_independent()) << entry.path();
    }
    EXPECT_GT(seen, 10u);
}

TEST(RealFiles, TheDynamicLinkerOfGlibcIsAProgramWithoutInterpreter) {
    std::filesystem::path const path = CROSS_LIBRARIES "/ld-linux-aarch64.so.1";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no cross compiler";
    auto const opened = open_bytes(contents(path), rules_for<elf::Class64>());
    ASSERT_TRUE(opened) << text_of(opened.error().error);
    EXPECT_EQ(opened.value().interpreter(), nullptr);
    EXPECT_NE(opened.value().program_headers(), 0u);
    EXPECT_EQ(opened.value().start(), 0u);
}

TEST(RealFiles, TrueIsAProgramForThisMachineAndNoOther) {
    std::vector<u8> const bytes = contents("/bin/true");
    ASSERT_TRUE(is_elf(bytes));
    elf::FileHeader64 header;
    std::memcpy(&header, bytes.data(), sizeof(header));
    kit::ProgramRules rules = rules_for<elf::Class64>();
    rules.machine = header.machine;
    rules.file_class = header.identification.file_class;
    auto const opened = open_bytes(bytes, rules);
    ASSERT_TRUE(opened) << text_of(opened.error().error);
    ASSERT_NE(opened.value().interpreter(), nullptr);
    EXPECT_TRUE(std::filesystem::exists(opened.value().interpreter()));

    rules.machine = static_cast<u16>(header.machine + 1);
    auto const refused = open_bytes(bytes, rules);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (kit::ProgramFault{kit::ProgramError::wrong_machine, 18}));
}

}  // namespace
}  // namespace vdsokit::test
