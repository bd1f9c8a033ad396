// SPDX-License-Identifier: BSD-2-Clause
// The archive is read back by a reader of its own, written from the format's description.
#include "tool/launch/cpio.h"

#include <gtest/gtest.h>

#include <vector>

#include "arch/types.h"

namespace vdsokit::launch {
namespace {

struct Entry {
    std::string name;
    u32 mode;
    std::string contents;
    friend bool operator==(Entry const&, Entry const&) = default;
};

u32 field(std::string const& archive, std::size_t header, int at) {
    std::size_t const place = header + 6 + static_cast<std::size_t>(at) * 8;
    return static_cast<u32>(std::stoul(archive.substr(place, 8), nullptr, 16));
}

std::vector<Entry> read_back(std::string const& archive) {
    std::vector<Entry> entries;
    std::size_t at = 0;
    auto const align = [&] { at = (at + 3) / 4 * 4; };
    while (at + 110 <= archive.size()) {
        EXPECT_EQ(archive.substr(at, 6), "070701");
        u32 const mode = field(archive, at, 1);
        u32 const size = field(archive, at, 6);
        u32 const name_size = field(archive, at, 11);
        at += 110;
        std::string const name = archive.substr(at, name_size - 1);
        EXPECT_EQ(archive[at + name_size - 1], '\0');
        at += name_size;
        align();
        entries.push_back({name, mode, archive.substr(at, size)});
        at += size;
        align();
    }
    EXPECT_EQ(at, archive.size());
    return entries;
}

TEST(CpioWriter, stores_directories_files_and_links_with_their_modes) {
    CpioWriter writer;
    writer.add_directory("/bin");
    writer.add_file("/bin/program", "four", true);
    writer.add_file("/bin/data", "five!", false);
    writer.add_link("/bin/link", "program");
    std::vector<Entry> const expected = {
        {"bin", 0040755, ""},           {"bin/program", 0100755, "four"},
        {"bin/data", 0100644, "five!"}, {"bin/link", 0120777, "program"},
        {"TRAILER!!!", 0, ""},
    };
    EXPECT_EQ(read_back(writer.take()), expected);
}

TEST(CpioWriter, aligns_names_and_contents_of_every_length) {
    CpioWriter writer;
    std::vector<Entry> expected;
    for (std::size_t length = 1; length <= 8; ++length) {
        std::string const name(length, 'n');
        std::string const contents(length, '\0');
        writer.add_file("/" + name, contents, false);
        expected.push_back({name, 0100644, contents});
    }
    expected.push_back({"TRAILER!!!", 0, ""});
    EXPECT_EQ(read_back(writer.take()), expected);
}

}  // namespace
}  // namespace vdsokit::launch
