// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/archive.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

#include "archive_builder.h"

namespace vdsokit::personality {
namespace {

struct Read {
    std::vector<std::string> names;
    std::vector<std::string> contents;
    bool failed = false;
    ArchiveFault fault{};
};

// From a heap block of exactly that size: a byte read past the end is seen.
Read read_all(std::string const& bytes) {
    auto const copy = std::make_unique<u8[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), copy.get());
    ArchiveReader reader({copy.get(), bytes.size()});
    Read out;
    while (true) {
        auto const step = reader.next();
        if (!step) {
            out.failed = true;
            out.fault = step.error();
            return out;
        }
        if (step.value().is_end) return out;
        ArchiveMember const& member = step.value().member;
        out.names.emplace_back(member.name.data(), member.name.size());
        out.contents.emplace_back(reinterpret_cast<char const*>(member.contents.data()),
                                  member.contents.size());
    }
}

std::string usual() {
    ArchiveBuilder builder;
    builder.add({.name = ".", .mode = 040755})
        .add({.name = "bin", .mode = 040755})
        .add({.name = "bin/sh", .mode = 0100755, .contents = "program"})
        .add({.name = "bin/ls", .mode = 0120777, .contents = "sh"})
        .add({.name = "empty", .mode = 0100600})
        .add_trailer();
    return builder.bytes();
}

TEST(Archive, MembersComeInTheirOrderWithTheirContents) {
    Read const read = read_all(usual());
    EXPECT_FALSE(read.failed);
    EXPECT_EQ(read.names, (std::vector<std::string>{".", "bin", "bin/sh", "bin/ls", "empty"}));
    EXPECT_EQ(read.contents, (std::vector<std::string>{"", "", "program", "sh", ""}));
}

TEST(Archive, AnArchiveCutOffAnywhereIsRefusedAtAnOffsetInsideIt) {
    std::string const whole = usual();
    // The padding behind the trailer's name may be missing.
    std::string const trailer_name = "TRAILER!!!";
    u64 const needed = whole.find(trailer_name) + trailer_name.size() + 1;
    for (u64 size = 0; size < needed; ++size) {
        Read const read = read_all(whole.substr(0, size));
        ASSERT_TRUE(read.failed) << size;
        EXPECT_LE(read.fault.at, size) << size;
        ArchiveError const error = read.fault.error;
        EXPECT_TRUE(error == ArchiveError::header_past_end ||
                    error == ArchiveError::name_past_end ||
                    error == ArchiveError::contents_past_end || error == ArchiveError::no_trailer)
            << size << ": " << text_of(error);
    }
    for (u64 size = needed; size <= whole.size(); ++size)
        EXPECT_FALSE(read_all(whole.substr(0, size)).failed) << size;
}

TEST(Archive, ArchivesMayFollowEachOtherWithZerosBetween) {
    EXPECT_EQ(read_all(usual() + std::string(512, '\0') + usual()).names.size(), 10u);
    EXPECT_FALSE(read_all(usual() + std::string(1000, '\0')).failed);
    Read const read = read_all(usual() + "junk");
    EXPECT_EQ(read.fault.error, ArchiveError::header_past_end);
    EXPECT_EQ(read.fault.at, usual().size());
}

TEST(Archive, AChecksumIsVerified) {
    ArchiveBuilder builder;
    builder.add({.name = "a", .contents = "ab", .magic = "070702", .checksum = 'a' + 'b'})
        .add_trailer();
    EXPECT_FALSE(read_all(builder.bytes()).failed);
    ArchiveBuilder wrong;
    wrong.add({.name = "a", .contents = "ab", .magic = "070702", .checksum = 1}).add_trailer();
    EXPECT_EQ(read_all(wrong.bytes()).fault.error, ArchiveError::checksum_wrong);
}

TEST(Archive, AWrongChecksumOfNothingAtTheVeryEndIsAFaultInsideTheArchive) {
    ArchiveBuilder builder;
    builder.add({.name = "abcd", .magic = "070702", .checksum = 1});
    // The padding behind the name is left out, as it may be.
    std::string const bytes = builder.bytes().substr(0, 110 + 5);
    Read const read = read_all(bytes);
    EXPECT_EQ(read.fault.error, ArchiveError::checksum_wrong);
    EXPECT_EQ(read.fault.at, bytes.size());
}

TEST(Archive, AWrongFieldIsRefusedWhereItStands) {
    struct Case {
        u64 at;
        char const* bytes;
        ArchiveError error;
        u64 fault_at;
        char const* reason;
    };
    // The first member is "bin/sh" with 7 bytes: name at 110, contents at 120.
    Case const cases[] = {
        {0, "070707", ArchiveError::not_a_header, 0, "another format's magic number"},
        {5, "3", ArchiveError::not_a_header, 0, "a kind of newc that is not there"},
        {14, "g", ArchiveError::not_hexadecimal, 14, "the mode has a letter past f"},
        {6, "-", ArchiveError::not_hexadecimal, 6, "the inode has a sign"},
        {94, "00000000", ArchiveError::name_empty, 0, "a name without even its NUL"},
        {94, "ffffffff", ArchiveError::name_past_end, 110, "a name of 4 GiB"},
        {94, "00000003", ArchiveError::name_not_terminated, 110, "the name ends in its middle"},
        {54, "ffffffff", ArchiveError::contents_past_end, 120, "contents of 4 GiB"},
        {54, "00000200", ArchiveError::contents_past_end, 120,
         "contents that run past the trailer"},
        {54, "0000000c", ArchiveError::not_a_header, 132,
         "contents that end inside the next header"},
    };
    for (Case const& each : cases) {
        ArchiveBuilder builder;
        builder.add({.name = "bin/sh", .contents = "program"}).add_trailer();
        std::string bytes = builder.bytes();
        bytes.replace(each.at, std::strlen(each.bytes), each.bytes);
        Read const read = read_all(bytes);
        EXPECT_TRUE(read.failed) << each.reason;
        EXPECT_EQ(read.fault.error, each.error) << each.reason << ": " << text_of(read.fault.error);
        EXPECT_EQ(read.fault.at, each.fault_at) << each.reason;
    }
}

TEST(Archive, ANulInsideANameIsRefused) {
    ArchiveBuilder builder;
    builder.add({.name = std::string("a\0b", 3)}).add_trailer();
    EXPECT_EQ(read_all(builder.bytes()).fault.error, ArchiveError::name_holds_nul);
}

TEST(Archive, AnyByteMayBeAnyOther) {
    std::string const whole = usual();
    for (u64 at = 0; at < whole.size(); ++at) {
        for (char const byte : {'\0', '0', '7', 'f', 'F', 'z', '\x7f', '\xff'}) {
            std::string changed = whole;
            changed[at] = byte;
            Read const read = read_all(changed);
            EXPECT_TRUE(!read.failed || read.fault.at <= whole.size());
        }
    }
}

TEST(NameParts, AreThoseBetweenSlashes) {
    struct Case {
        std::string name;
        std::vector<std::string> parts;
        bool fails;
        ArchiveError error;
        char const* reason;
    };
    std::string const longest(255, 'n');
    Case const cases[] = {
        {"bin/sh", {"bin", "sh"}, false, {}, "as cpio writes it"},
        {"/bin/sh", {"bin", "sh"}, false, {}, "from the root"},
        {"./bin//sh/", {"bin", "sh"}, false, {}, "as find writes it, with slashes to spare"},
        {".", {}, false, {}, "the root itself"},
        {"", {}, false, {}, "nothing"},
        {"a/./b", {"a", "b"}, false, {}, "a dot in between"},
        {".hidden", {".hidden"}, false, {}, "a name that begins with a dot"},
        {"a/../b", {"a"}, true, ArchiveError::name_climbs, "out of its directory"},
        {"..", {}, true, ArchiveError::name_climbs, "out of the tree"},
        {longest, {longest}, false, {}, "255 bytes"},
        {longest + "n", {}, true, ArchiveError::name_too_long, "256 bytes"},
    };
    for (Case const& each : cases) {
        NameParts parts(kit::Text(each.name.data(), each.name.size()));
        std::vector<std::string> found;
        kit::Text part;
        while (parts.next(part)) {
            found.emplace_back(part.data(), part.size());
            EXPECT_EQ(parts.has_more(), found.size() < each.parts.size() || each.fails)
                << each.reason;
        }
        EXPECT_EQ(found, each.parts) << each.reason;
        EXPECT_EQ(parts.has_failed(), each.fails) << each.reason;
        EXPECT_TRUE(!each.fails || parts.error() == each.error) << each.reason;
    }
}

}  // namespace
}  // namespace vdsokit::personality
