// SPDX-License-Identifier: BSD-2-Clause
// The calls of 32-bit programs and what becomes of their structures. Each test runs in a program of
// its own.
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "guest.h"
#include "linux_narrow.h"

#include "hosts/personality/files/open_flags.h"
#include "hosts/personality/memory/layout.h"
#include "hosts/personality/narrow/window.h"

namespace vdsokit::personality {
namespace {

namespace arm {
constexpr u64 read = 3, write = 4, open = 5, lseek = 19, dup2 = 63, setrlimit = 75,
              gettimeofday = 78, sysinfo = 116, llseek = 140, writev = 146, poll = 168,
              nanosleep = 162, pread64 = 180, ugetrlimit = 191, mmap2 = 192, fstat64 = 197,
              futex = 240, fstatfs64 = 267, clock_gettime = 263, set_robust_list = 338,
              clock_gettime64 = 403, clock_nanosleep_time64 = 407, futex_time64 = 422,
              adjtimex = 124, cacheflush = 0xf'0002, set_tls = 0xf'0005;
}

constexpr u32 memory_file = 385;  // memfd_create
constexpr u64 out = data_start, in = data_start + 0x1000;

class Narrow : public testing::Test {
protected:
    Narrow() { guest.run_narrow(); }
    Thread& thread() { return guest.first(); }
    i64 call(u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0, u64 f = 0) {
        return guest.narrow_call(thread(), number, a, b, c, d, e, f);
    }
    template <class T>
    T peek(u64 at) {
        return guest.peek<T>(thread(), at);
    }
    template <class T>
    void poke(u64 at, T const& value) {
        guest.poke(thread(), at, value);
    }
    // A file of /tmp with these bytes, open for both.
    template <std::size_t Size>
    u64 file_of(char const (&text)[Size]) {
        poke(in, "/tmp/file");
        u64 const file = static_cast<u64>(call(arm::open, in, 0102, 0600));
        poke(in, text);
        call(arm::write, file, in, std::strlen(text));
        return file;
    }
    Guest guest;
};

char const contents[32] = "0123456789";

TEST_F(Narrow, each_number_stands_once_and_below_the_counts) {
    std::set<u32> numbers;
    for (arch::narrow::CallRow const& row : arch::narrow::call_rows) {
        EXPECT_TRUE(numbers.insert(row.number).second) << row.name;
        EXPECT_LT(row.number, 472u) << row.name;
        for (arch::narrow::Argument const& argument : row.arguments) EXPECT_LT(argument.from, 6u);
    }
    for (u32 const own : {arch::narrow::call::dup2, arch::narrow::call::sigreturn,
                          arch::narrow::call::llseek, arch::narrow::call::rt_sigreturn})
        EXPECT_EQ(numbers.count(own), 0u);
}

TEST_F(Narrow, a_number_that_is_none_is_ENOSYS) {
    for (u64 const number : {0u, 17u, 223u, 470u, 479u, 480u, 0xf'0000u, 0xf'0001u, 0xf'0006u,
                             0xf'0008u, 0xf'0800u, 0x7fff'ffffu, 0x8000'0000u, 0xffff'ffffu})
        EXPECT_EQ(call(number), negative(Errno::nosys)) << std::hex << number;
}

TEST_F(Narrow, clocks_tell_the_same_time_in_both_widths) {
    ASSERT_EQ(call(arm::clock_gettime, 0, out), 0);
    EXPECT_EQ(peek<u32>(out), 1'700'000'000u);
    poke(out + 8, u32{0xdead'beef});
    ASSERT_EQ(call(arm::clock_gettime, 0, out), 0);
    EXPECT_EQ(peek<u32>(out + 8), 0xdead'beefu) << "eight bytes are written";
    ASSERT_EQ(call(arm::clock_gettime64, 0, out), 0);
    EXPECT_EQ(peek<i64>(out), 1'700'000'000);
    EXPECT_EQ(peek<u32>(out + 12), 0u) << "the padding too";
    ASSERT_EQ(call(arm::gettimeofday, out, 0), 0);
    EXPECT_EQ(peek<u32>(out), 1'700'000'000u);
}

TEST_F(Narrow, a_bad_pointer_is_EFAULT_and_writes_nothing) {
    struct Row {
        u64 number, a, b, c;
        char const* reason;
    };
    Row const rows[] = {
        {arm::clock_gettime, 1, 8, 0, "near zero"},
        {arm::clock_gettime, 1, 0, 0, "zero"},
        {arm::clock_gettime, 1, 0xffff'fffc, 0, "across four GiB"},
        {arm::clock_gettime64, 1, read_only_page, 0, "read-only"},
        {arm::clock_gettime, 1, read_only_page, 0, "read-only, by way of the window"},
        {arm::clock_gettime, 1, helper_address, 0, "the helpers"},
        {arm::nanosleep, 0xffff'0000 + 4094, 0, 0, "out of the helpers"},
        {arm::fstat64, 0, 16, 0, "a structure"},
        {arm::writev, 1, 8, 1, "an array"},
    };
    for (Row const& row : rows)
        EXPECT_EQ(call(row.number, row.a, row.b, row.c), negative(Errno::fault)) << row.reason;
}

TEST_F(Narrow, what_is_not_set_behind_tv_nsec_does_not_count) {
    i64 const at_once[] = {0, static_cast<i64>(0xdead'beef'0000'0000)};
    poke(in, at_once);
    EXPECT_EQ(call(arm::clock_nanosleep_time64, 1, 0, in, 0), 0);
    i64 const wrong[] = {0, 1'000'000'000};
    poke(in, wrong);
    EXPECT_EQ(call(arm::clock_nanosleep_time64, 1, 0, in, 0), negative(Errno::inval));
    i32 const negative_time[] = {0, -1};
    poke(in, negative_time);
    EXPECT_EQ(call(arm::nanosleep, in, 0), negative(Errno::inval));
}

TEST_F(Narrow, a_sleep_waits_as_long_as_its_32_bit_time_says) {
    i32 const span[] = {1, 500'000'000};
    poke(in, span);
    EXPECT_EQ(call(arm::nanosleep, in, out), blocked);
    poke(in, u64{0});  // the request may change meanwhile
    guest.pass(1'499'000'000);
    EXPECT_FALSE(thread().runs());
    guest.pass(2'000'000);
    EXPECT_TRUE(thread().runs());
    EXPECT_EQ(thread().registers().x[0], 0u);
}

TEST_F(Narrow, poll_counts_milliseconds_and_a_futex_its_time) {
    EXPECT_EQ(call(arm::poll, 0, 0, 0), 0) << "no time";
    EXPECT_EQ(call(arm::poll, 0, 0, 20), blocked);
    guest.pass(20'000'001);
    EXPECT_EQ(thread().registers().x[0], 0u);
    u32 const time[] = {0, 1000};
    poke(in, time);
    poke(out, u32{7});
    EXPECT_EQ(call(arm::futex, out, 0, 6, in), negative(Errno::again)) << "another value";
    EXPECT_EQ(call(arm::futex, out, 0, 7, in), blocked);
    guest.pass(100'000);  // alarms have a pause between them
    EXPECT_EQ(static_cast<i32>(thread().registers().x[0]), negative(Errno::timedout));
    i64 const wide[] = {0, static_cast<i64>(0x7777'7777'0000'03e8)};
    poke(in, wide);
    EXPECT_EQ(call(arm::futex_time64, out, 0, 7, in), blocked);
    guest.pass(100'000);  // alarms have a pause between them
    EXPECT_EQ(static_cast<i32>(thread().registers().x[0]), negative(Errno::timedout));
    EXPECT_EQ(call(arm::futex, out, 3, 1, 5, out + 4), 0)
        << "a requeue has a number there, no address";
}

TEST_F(Narrow, offsets_come_in_one_word_in_two_and_as_pages) {
    u64 const file = file_of(contents);
    EXPECT_EQ(call(arm::lseek, file, static_cast<u32>(-3), 2), 7) << "with its sign";
    EXPECT_EQ(call(arm::read, file, out, 10), 3);
    EXPECT_EQ(peek<char>(out), '7');
    EXPECT_EQ(call(arm::pread64, file, out, 2, 0xdead, 4, 0), 2)
        << "the word before a pair is skipped";
    EXPECT_EQ(peek<char>(out), '4');
    EXPECT_EQ(call(arm::pread64, file, out, 2, 0, 4, 1), 0) << "four GiB further on";
    EXPECT_EQ(call(arm::llseek, file, 1, 2, out, 0), 0);
    EXPECT_EQ(peek<u64>(out), 0x1'0000'0002u);
    EXPECT_EQ(call(arm::llseek, file, 0, 2, 8, 0), negative(Errno::fault));
    i64 const mapped = call(arm::mmap2, 0, 4096, 1, 2, file, 0);
    EXPECT_EQ(peek<char>(static_cast<u32>(mapped)), '0');
    EXPECT_EQ(call(arm::mmap2, 0, 0x2000, 3, 0x32, ~u64{0}, 0), negative(Errno::perm));
    EXPECT_EQ(call(arm::mmap2, 0xfffe'f000, 0x2000, 3, 0x32, ~u64{0}, 0), negative(Errno::nomem))
        << "into the helpers' page";
}

TEST_F(Narrow, arrays_of_vectors_have_words_of_32_bits) {
    u64 const file = file_of("");
    poke(out, contents);
    u32 const vectors[] = {data_start + 1, 2, data_start + 5, 3};
    poke(in, vectors);
    EXPECT_EQ(call(arm::writev, file, in, 2), 5);
    EXPECT_EQ(call(arm::pread64, file, out, 16, 0, 0, 0), 5);
    char written[5];
    for (u64 at = 0; at < 5; ++at) written[at] = peek<char>(out + at);
    EXPECT_EQ(std::string(written, 5), "12567");
    EXPECT_EQ(call(arm::writev, file, in, 1025), negative(Errno::inval));
    EXPECT_EQ(call(arm::writev, file, in, 0), 0);
}

TEST_F(Narrow, status_has_arms_layout) {
    u64 const file = file_of(contents);
    ASSERT_EQ(call(arm::fstat64, file, out), 0);
    auto const status = peek<arch::narrow::Stat64>(out);
    EXPECT_EQ(status.size, 10);
    EXPECT_EQ(status.mode, 0100600u);
    EXPECT_EQ(status.links, 1u);
    EXPECT_EQ(status.block_size, 4096u);
    EXPECT_EQ(status.inode_low, static_cast<u32>(status.inode));
    EXPECT_NE(status.inode, 0u);
    EXPECT_EQ(status.times[0], 1'700'000'000u);
    ASSERT_EQ(call(arm::fstatfs64, file, sizeof(arch::narrow::Statfs64), out), 0);
    auto const system = peek<arch::narrow::Statfs64>(out);
    EXPECT_EQ(system.type, 0x0102'1994u) << "tmpfs";
    EXPECT_EQ(system.block_size, 4096u);
    EXPECT_EQ(system.name_size, 255u);
    ASSERT_EQ(call(arm::sysinfo, out), 0);
    EXPECT_EQ(peek<u32>(out + 16), 4096u) << "frames of memory";
    EXPECT_EQ(peek<u32>(out + 52), 4096u) << "of so many bytes";
}

TEST_F(Narrow, the_largest_limit_is_infinity) {
    constexpr u64 data = 2;
    ASSERT_EQ(call(arm::ugetrlimit, data, out), 0);
    EXPECT_EQ(peek<u32>(out), 0xffff'ffffu);
    u32 const limit[] = {0x1000, 0xffff'ffff};
    poke(in, limit);
    ASSERT_EQ(call(arm::setrlimit, data, in), 0);
    EXPECT_EQ(thread().process().limits[data].soft, 0x1000u);
    EXPECT_EQ(thread().process().limits[data].hard, ~u64{0});
}

TEST_F(Narrow, a_clocks_adjustment_is_words_in_a_row) {
    u32 timex[32] = {};
    poke(in, timex);
    EXPECT_EQ(call(arm::adjtimex, in), 5) << "TIME_ERROR: nobody synchronises it";
    EXPECT_EQ(peek<u32>(in + 44), 10'000u) << "tick";
    EXPECT_EQ(peek<u32>(in + 36), 1'700'000'000u) << "seconds";
    EXPECT_EQ(call(arm::adjtimex, 16), negative(Errno::fault));
}

TEST_F(Narrow, dup2_of_a_number_onto_itself_asks_whether_it_is_open) {
    u64 const file = file_of("");
    EXPECT_EQ(call(arm::dup2, file, file), static_cast<i64>(file));
    EXPECT_EQ(call(arm::dup2, file, 9), 9);
    EXPECT_EQ(call(arm::dup2, 30, 30), negative(Errno::badf));
}

TEST_F(Narrow, arms_own_calls_set_the_thread_pointer_and_show_code) {
    EXPECT_EQ(call(arm::set_tls, 0xfeed'1234), 0);
    EXPECT_EQ(thread().registers().read_only_tls, 0xfeed'1234u);
    EXPECT_EQ(thread().registers().tls, 0u);
    u64 const published = host::fake_host().published;
    peek<u32>(read_only_page);  // it comes
    u64 const before = host::fake_host().published;
    EXPECT_EQ(call(arm::cacheflush, read_only_page, read_only_page + 8, 0), 0);
    EXPECT_EQ(host::fake_host().published, before + 1);
    EXPECT_GE(before, published);
    EXPECT_EQ(call(arm::cacheflush, 8, 4, 0), negative(Errno::inval));
    EXPECT_EQ(call(arm::cacheflush, 4, 8, 1), negative(Errno::inval));
    EXPECT_EQ(call(arm::cacheflush, 0, 0xffff'ffff, 0), 0) << "all of it, in bounded time";
}

TEST_F(Narrow, a_dead_owners_locks_are_found_by_32_bit_links) {
    Thread& parent = thread();
    i64 const id = call(2);  // fork
    Thread& child = *Thread::find(static_cast<i32>(id));
    u32 const head = data_start + 0x100, entry = data_start + 0x200;
    u32 const list[] = {entry, 8, 0};
    guest.poke(child, head, list);
    guest.poke(child, entry, u32{head});
    guest.poke(child, entry + 8, static_cast<u32>(id));
    EXPECT_EQ(guest.narrow_call(child, arm::set_robust_list, head, 24), negative(Errno::inval));
    EXPECT_EQ(guest.narrow_call(child, arm::set_robust_list, head, 12), 0);
    // In a memory that both share, the mark is seen afterwards.
    constexpr u64 clone = 120, exit = 1, flags = 0x100 | 17;
    i64 const second = guest.narrow_call(child, clone, flags, 0);
    Thread& sharing = *Thread::find(static_cast<i32>(second));
    guest.poke(sharing, entry + 8, static_cast<u32>(second));
    ASSERT_EQ(guest.narrow_call(sharing, arm::set_robust_list, head, 12), 0);
    guest.narrow_call(sharing, exit, 0);
    EXPECT_EQ(guest.peek<u32>(child, entry + 8), 0x4000'0000u) << "its owner died";
    EXPECT_TRUE(parent.runs());
}

TEST(NarrowWindow, is_no_memory_of_any_process) {
    Guest guest;
    Thread& thread = guest.first();
    EXPECT_EQ(guest.call(thread, nr::clock_gettime, 1, Window::base), negative(Errno::fault));
    EXPECT_EQ(guest.call(thread, nr::nanosleep, Window::base, 0), negative(Errno::fault));
    guest.run_narrow();
    guest.narrow_call(thread, arm::clock_gettime, 1, data_start);
    EXPECT_FALSE(thread.process().memory().store({Window::base}, u64{1})) << "closed again";
    // A structure of 64-bit fields can name the window while it is open; it reaches nothing else.
    u64 arguments[8] = {0x0100'0000, 0, Window::base, 0, 17, 0, 0, 0};
    guest.poke(thread, data_start, arguments);
    constexpr u64 clone3 = 435;
    EXPECT_GT(guest.narrow_call(thread, clone3, data_start, 64), 0);
}

TEST(NarrowWindow, keeps_structures_apart) {
    window.open();
    u64 const first = window.place(8);
    u64 const second = window.place(24);
    EXPECT_EQ(window.find(first, 9, true), nullptr) << "into the next";
    EXPECT_EQ(window.find(second - 1, 1, false), nullptr);
    EXPECT_NE(window.find(second + 16, 8, true), nullptr);
    EXPECT_FALSE(window.was_written(first));
    EXPECT_TRUE(window.was_written(second));
    EXPECT_EQ(window.place(Window::capacity), 0u);
    window.close();
    EXPECT_EQ(window.find(first, 8, false), nullptr);
}

}  // namespace
}  // namespace vdsokit::personality
