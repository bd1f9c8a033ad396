// SPDX-License-Identifier: BSD-2-Clause
// File calls when memory runs out, and what is left when all is closed: nothing.
#include <gtest/gtest.h>

#include "guest.h"
#include "hosts/personality/files/memory_file.h"

namespace vdsokit::personality {
namespace {

namespace nr_file {
constexpr u64 eventfd2 = 19, epoll_create1 = 20, epoll_ctl = 21, dup3 = 24, mkdirat = 34,
              unlinkat = 35, symlinkat = 36, linkat = 37, ftruncate = 46, openat = 56, close = 57,
              pipe2 = 59, write = 64, timerfd_create = 85, memfd_create = 279;
}
constexpr u64 here = static_cast<u64>(-100);
constexpr u64 path = data_start, other = data_start + 256, pair = data_start + 512,
              bytes = data_start + 0x1000;
constexpr u64 create_read_write = 0102;

void name(Guest& guest, u64 at, char const* text) {
    for (u64 byte = 0; byte <= std::char_traits<char>::length(text); ++byte)
        guest.poke(guest.first(), at + byte, text[byte]);
}

i64 open_new(Guest& guest, char const* text) {
    name(guest, path, text);
    return guest.call(guest.first(), nr_file::openat, here, path, create_read_write, 0644);
}

// Runs `attempt` with 0, 1, 2, ... frames to spare until it succeeds. It answers a negative errno
// and has then left nothing behind, or removes what it made.
void with_each_shortage(Guest& guest, i64 (*attempt)(Guest&)) {
    // Pages of the process itself are not what is counted.
    for (u64 at = 0; at < data_size; at += 4096)
        guest.poke(guest.first(), data_start + at, char{0});
    guest.call(guest.first(), nr::getpid);
    u64 const before = host::fake_host().frames_used;
    u64 const total = host::fake_host().frames_total;
    i64 result = -1;
    for (u64 spare = 0; spare < 400 && result < 0; ++spare) {
        SCOPED_TRACE(spare);
        host::fake_host().frames_total = before + spare;
        result = attempt(guest);
        host::fake_host().frames_total = total;
        EXPECT_TRUE(result >= 0 || result == negative(Errno::nomem) ||
                    result == negative(Errno::nospc))
            << result;
        guest.call(guest.first(), nr::getpid);
        ASSERT_EQ(host::fake_host().frames_used, before);
    }
    EXPECT_GE(result, 0);
}

i64 close(Guest& guest, i64 file) {
    return guest.call(guest.first(), nr_file::close, static_cast<u64>(file));
}

TEST(FileShortage, ANewFileThatFailsLeavesNoName) {
    Guest guest;
    with_each_shortage(guest, [](Guest& g) {
        i64 const file = open_new(g, "/tmp/new");
        if (file >= 0) close(g, file);
        i64 const removed = g.call(g.first(), nr_file::unlinkat, here, path, 0);
        // The name may be there though the descriptor could not be had, as on Linux.
        EXPECT_TRUE(removed == 0 || (file < 0 && removed == negative(Errno::noent)));
        return file;
    });
}

TEST(FileShortage, AWriteThatFailsSaysHowMuchWent) {
    Guest guest;
    with_each_shortage(guest, [](Guest& g) {
        u64 const total = host::fake_host().frames_total;
        host::fake_host().frames_total = total + 32;
        i64 const file = open_new(g, "/tmp/grow");
        host::fake_host().frames_total = total;
        constexpr i64 size = i64{5} * 4096;
        i64 const written = g.call(g.first(), nr_file::write, static_cast<u64>(file), bytes, size);
        EXPECT_TRUE(written < 0 || written % 4096 == 0);
        close(g, file);
        g.call(g.first(), nr_file::unlinkat, here, path, 0);
        return written == size ? written : negative(Errno::nospc);
    });
}

TEST(FileShortage, EveryKindOfNewFileIsGivenBack) {
    Guest guest;
    with_each_shortage(guest, [](Guest& g) {
        name(g, path, "/tmp/dir");
        i64 const made = g.call(g.first(), nr_file::mkdirat, here, path, 0755);
        if (made == 0) g.call(g.first(), nr_file::unlinkat, here, path, 0x200);
        return made;
    });
    with_each_shortage(guest, [](Guest& g) {
        name(g, path, "/tmp/link");
        name(g, other, "text");
        i64 const made = g.call(g.first(), nr_file::symlinkat, other, here, path);
        if (made == 0) g.call(g.first(), nr_file::unlinkat, here, path, 0);
        return made;
    });
    with_each_shortage(guest, [](Guest& g) {
        i64 const made = g.call(g.first(), nr_file::pipe2, pair, 0);
        if (made != 0) return made;
        close(g, g.peek<i32>(g.first(), pair));
        close(g, g.peek<i32>(g.first(), pair + 4));
        return made;
    });
    constexpr u64 calls[] = {nr_file::eventfd2, nr_file::epoll_create1, nr_file::timerfd_create,
                             nr_file::memfd_create};
    for (u64 const number : calls) {
        static u64 current;
        current = number;
        with_each_shortage(guest, [](Guest& g) {
            name(g, path, "label");
            bool const is_memory = current == nr_file::memfd_create;
            i64 const file = g.call(g.first(), current, is_memory ? path : 0, 0);
            if (file >= 0) close(g, file);
            return file;
        });
    }
}

TEST(FileShortage, FilesLeaveTheLastSixteenthToPrograms) {
    Guest guest;
    i64 const file = open_new(guest, "/tmp/big");
    i64 written = 1;
    while (written > 0)
        written = guest.call(guest.first(), nr_file::write, static_cast<u64>(file), bytes, 0x8000);
    EXPECT_EQ(written, negative(Errno::nospc));
    host::FrameCount const count = host::frame_count();
    EXPECT_LE(count.free, count.total / 16);
    EXPECT_GE(count.free, count.total / 16 - 16);
    EXPECT_EQ(guest.call(guest.first(), nr_file::ftruncate, static_cast<u64>(file), 0), 0);
    EXPECT_GT(host::frame_count().free, count.total / 2);
}

TEST(FilesAtTheEnd, AWatchGoesWithItsFileOrItsEpoll) {
    Guest guest;
    Thread& first = guest.first();
    guest.poke(first, pair, u64{0});
    guest.poke(first, bytes, u64{1});
    guest.poke(first, bytes + 8, u64{42});
    guest.call(first, nr::getpid);
    u64 const before = host::fake_host().frames_used;
    for (bool const epoll_first : {true, false}) {
        ASSERT_EQ(guest.call(first, nr_file::pipe2, pair, 0), 0);
        i32 const in = guest.peek<i32>(first, pair), out = guest.peek<i32>(first, pair + 4);
        i64 const set = guest.call(first, nr_file::epoll_create1, 0);
        EXPECT_EQ(guest.call(first, nr_file::epoll_ctl, static_cast<u64>(set), 1,
                             static_cast<u64>(in), bytes),
                  0);
        if (epoll_first) close(guest, set);
        close(guest, in);
        close(guest, out);
        if (!epoll_first) close(guest, set);
        EXPECT_EQ(host::fake_host().frames_used, before);
    }
}

}  // namespace
}  // namespace vdsokit::personality
