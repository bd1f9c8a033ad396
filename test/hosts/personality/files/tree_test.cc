// SPDX-License-Identifier: BSD-2-Clause
// The tree that archives make, and the walk through it.
#include "hosts/personality/files/tree.h"

#include <gtest/gtest.h>

#include "archive_builder.h"
#include "guest.h"
#include "hosts/personality/files/walk.h"

namespace vdsokit::personality {
namespace {

// Archives stay valid for ever: the tree points into them.
Unpacked unpack_more(ArchiveBuilder const& builder) {
    static std::string kept[16];
    static u32 count = 0;
    std::string& bytes = kept[count++];
    bytes.assign(reinterpret_cast<char const*>(builder.view().data()), builder.view().size());
    return unpack({reinterpret_cast<u8 const*>(bytes.data()), bytes.size()}, root_entry());
}

// The path that is found, "(directory)" in front for one, or the errno.
std::string find(std::string const& path, LastLink last = LastLink::follow) {
    auto const found = walk_to(nullptr, root_entry(), Name(path.data(), path.size()), last);
    if (!found) return "errno " + std::to_string(static_cast<i32>(found.error()));
    Held<Entry> const entry(found.value());
    char buffer[4096];
    return entry->path(buffer, sizeof(buffer));
}

std::string text_of(std::string const& path) {
    auto const found =
        walk_to(nullptr, root_entry(), Name(path.data(), path.size()), LastLink::follow);
    if (!found) return "(nothing)";
    Held<Entry> const entry(found.value());
    File* file = nullptr;
    if (File::open(nullptr, *entry, OpenFlags{0}, file).value() != 0) return "(not opened)";
    Held<File> const held(file);
    char buffer[256];
    i64 const size = file->read_at(0, buffer, sizeof(buffer));
    return size < 0 ? "(errno)" : std::string(buffer, static_cast<u64>(size));
}

TEST(Tree, FollowsPathsAsLinuxDoes) {
    Guest guest;
    ArchiveBuilder builder;
    builder.add({.name = "d", .mode = 040755})
        .add({.name = "d/e/f", .contents = "deep"})
        .add({.name = "d/up", .mode = 0120777, .contents = "../file"})
        .add({.name = "d/abs", .mode = 0120777, .contents = "/d/e"})
        .add({.name = "d/slash", .mode = 0120777, .contents = "e/"})
        .add({.name = "d/dangling", .mode = 0120777, .contents = "none"})
        .add({.name = "self", .mode = 0120777, .contents = "self"})
        .add({.name = "file", .contents = "top"})
        .add_trailer();
    ASSERT_TRUE(unpack_more(builder));
    struct Case {
        char const* path;
        LastLink last;
        char const* expect;
        char const* reason;
    };
    constexpr LastLink follow = LastLink::follow, keep = LastLink::keep;
    constexpr LastLink name_only = LastLink::name_only;
    Case const cases[] = {
        {"/", follow, "/", "the root"},
        {"..", follow, "/", "above the root is the root"},
        {"/d/e/f", follow, "/d/e/f", "a missing directory was made"},
        {"d//e/./f", follow, "/d/e/f", "slashes and dots"},
        {"d/e/../e/f", follow, "/d/e/f", "up and down"},
        {"d/up", follow, "/file", "a link beside"},
        {"d/up", keep, "/d/up", "the link itself"},
        {"d/abs/f", follow, "/d/e/f", "an absolute link inside a path"},
        {"d/abs/", keep, "/d/e", "a slash follows"},
        {"d/abs/", name_only, "errno 20", "unless the name is meant: ENOTDIR"},
        {"d/slash/f", follow, "/d/e/f", "a slash in the link's text"},
        {"d/slash", follow, "/d/e", "at its end"},
        {"d/dangling", follow, "errno 2", "a link to nothing: ENOENT"},
        {"d/dangling", keep, "/d/dangling", "which itself is there"},
        {"self", follow, "errno 40", "ELOOP"},
        {"self", keep, "/self", "the loop itself"},
        {"file/", follow, "errno 20", "a file with a slash: ENOTDIR"},
        {"file/x", follow, "errno 20", "below a file: ENOTDIR"},
        {"file/.", follow, "errno 20", "\".\" of a file: ENOTDIR"},
        {"file/..", follow, "errno 20", "\"..\" of a file: ENOTDIR"},
        {"none/x", follow, "errno 2", "below nothing: ENOENT"},
        {"", follow, "errno 2", "an empty path: ENOENT"},
        {"tmp", follow, "/tmp", "a mounted file system"},
        {"tmp/..", follow, "/", "and out of it"},
        {"dev/fd", keep, "/dev/fd", "a link of ours"},
        {"proc/self", follow, "errno 2", "nobody is no process"},
        {"proc/1/fd/0", follow, "pipe:[input]", "a link that jumps"},
        {"proc/1/cwd/file", follow, "/file", "inside a path"},
    };
    for (Case const& each : cases)
        EXPECT_EQ(find(each.path, each.last), each.expect) << each.reason;
    EXPECT_EQ(find(std::string(256, 'n')), "errno 36") << "ENAMETOOLONG";
    EXPECT_EQ(find(std::string(256, 'n') + "/x"), "errno 36") << "ENAMETOOLONG";
}

TEST(Tree, AWalkThatFindsNothingLeavesNothing) {
    Guest guest;
    u64 const before = host::fake_host().frames_used;
    for (char const* const path :
         {"self", "proc/1/fd/9", "proc/1/maps/x", "proc/1/cwd/none", "a/b/c"})
        static_cast<void>(find(path));
    EXPECT_EQ(host::fake_host().frames_used, before);
}

TEST(Tree, HardLinksShareTheContentsOfWhicheverHasThem) {
    Guest guest;
    ArchiveBuilder builder;
    builder.add({.name = "one", .inode = 7, .links = 3})
        .add({.name = "two", .inode = 7, .links = 3})
        .add({.name = "other", .contents = "x", .inode = 8, .links = 2})
        .add({.name = "three", .contents = "shared", .inode = 7, .links = 3})
        .add_trailer();
    ASSERT_TRUE(unpack_more(builder));
    EXPECT_EQ(text_of("one"), "shared");
    EXPECT_EQ(text_of("two"), "shared");
    EXPECT_EQ(text_of("other"), "x");
    auto const one = walk_to(nullptr, root_entry(), "one", LastLink::follow);
    ASSERT_TRUE(one);
    Held<Entry> const entry(one.value());
    EXPECT_EQ(entry->node().links, 3u);
}

TEST(Tree, ALaterMemberReplacesAnEarlierOne) {
    Guest guest;
    u64 const before = host::fake_host().frames_used;
    ArchiveBuilder builder;
    builder.add({.name = "a", .contents = "old"})
        .add({.name = "a", .contents = "new"})
        .add({.name = "l", .inode = 9, .links = 2, .magic = "070701"})
        .add({.name = "l", .mode = 0120777, .contents = "a"})
        .add({.name = "d", .mode = 040700})
        .add({.name = "d", .mode = 040755})
        .add_trailer();
    ASSERT_TRUE(unpack_more(builder));
    EXPECT_EQ(text_of("a"), "new");
    EXPECT_EQ(text_of("l"), "new");
    auto const d = walk_to(nullptr, root_entry(), "d", LastLink::follow);
    ASSERT_TRUE(d);
    Held<Entry> const entry(d.value());
    EXPECT_EQ(entry->node().mode, 040755u);
    EXPECT_GE(host::fake_host().frames_used, before);
}

TEST(Tree, AMemberThatFitsNowhereIsRefusedAtItsHeader) {
    Guest guest;
    struct Case {
        ArchiveBuilder::Member first;
        ArchiveBuilder::Member second;
        ArchiveError error;
        char const* reason;
    };
    Case const cases[] = {
        {{.name = "f"}, {.name = "f/x"}, ArchiveError::parent_not_directory, "below a file"},
        {{.name = "g", .mode = 040755},
         {.name = "g"},
         ArchiveError::parent_not_directory,
         "a file over a directory"},
        {{.name = "h"},
         {.name = ".", .mode = 0100644},
         ArchiveError::parent_not_directory,
         "a file over the root"},
        {{.name = "i"}, {.name = "../i"}, ArchiveError::name_climbs, "out of the tree"},
        {{.name = "j"},
         {.name = "k", .mode = 0120777},
         ArchiveError::link_text_wrong,
         "an empty link"},
        {{.name = "l"},
         {.name = "m", .mode = 0120777, .contents = std::string(4096, 'x')},
         ArchiveError::link_text_wrong,
         "a link longer than a path"},
        {{.name = "n"},
         {.name = "o", .mode = 0120777, .contents = std::string("a\0b", 3)},
         ArchiveError::link_text_wrong,
         "a link with a NUL"},
        {{.name = "p"},
         {.name = "q", .mode = 0060644},
         ArchiveError::kind_unknown,
         "a block device"},
        {{.name = "r"}, {.name = "s", .mode = 0644}, ArchiveError::kind_unknown, "no kind"},
        {{.name = "t"},
         {.name = "u", .mode = 0150644},
         ArchiveError::kind_unknown,
         "a kind unheard of"},
    };
    for (Case const& each : cases) {
        ArchiveBuilder builder;
        builder.add(each.first);
        u64 const at = builder.bytes().size();
        builder.add(each.second).add_trailer();
        Unpacked const unpacked = unpack_more(builder);
        ASSERT_FALSE(unpacked) << each.reason;
        EXPECT_EQ(unpacked.error().error, each.error) << each.reason;
        EXPECT_EQ(unpacked.error().at, at) << each.reason;
    }
}

TEST(Tree, PagesOfTheArchiveAreOneFrameForAll) {
    Guest guest;
    ArchiveBuilder builder;
    builder.add({.name = "big", .contents = std::string(5000, 'b')}).add_trailer();
    ASSERT_TRUE(unpack_more(builder));
    auto const found = walk_to(nullptr, root_entry(), "big", LastLink::follow);
    ASSERT_TRUE(found);
    Held<Entry> const entry(found.value());
    bool past_end = false;
    host::Frame const first = entry->node().page(1, past_end);
    ASSERT_FALSE(past_end);
    host::Frame const second = entry->node().page(1, past_end);
    EXPECT_EQ(first, second);
    EXPECT_EQ(host::frame_users(first), 3u);
    EXPECT_EQ(host::frame_bytes(first)[903], 'b');
    EXPECT_EQ(host::frame_bytes(first)[904], 0) << "the rest of the last page is zero";
    host::release_frame(first);
    host::release_frame(second);
    EXPECT_EQ(entry->node().page(2, past_end), host::no_frame);
    EXPECT_TRUE(past_end);
    EXPECT_EQ(entry->node().page(~u64{0}, past_end), host::no_frame);
    EXPECT_TRUE(past_end);
}

}  // namespace
}  // namespace vdsokit::personality
