// SPDX-License-Identifier: BSD-2-Clause
// How a 64-bit host answers a system call of a 32-bit arm program: by which generic call, and how
// each of that call's arguments is made from the program's words. Rows of linux_calls.h; what the
// forms mean is carried out by who answers the calls.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch::arm {

enum class Shape : u8 {
    nothing,
    word,          // as it is
    number,        // with its sign
    pair,          // two words, the low one first
    pages,         // an offset in units of 4096
    constant,      // not of the program
    lock_command,  // of fcntl64: F_GETLK64 and its two companions
    // Addresses of structures, whose fields have other sizes or other places.
    milliseconds,     // not an address at all: the timeout of poll
    vectors,          // iovec; `count` is the argument that says how many
    longs,            // signed words
    words,            // unsigned words
    limits,           // unsigned words of which the largest is "infinity"
    times,            // 64-bit timespecs, whose second padding may hold anything
    microseconds,     // struct timeval where the generic call has a timespec
    futex_time,       // two longs, if the operation waits
    futex_wide_time,  // one of `times`, if the operation waits
    action,           // struct sigaction
    info,             // siginfo_t
    event,            // struct sigevent
    stat,             // struct stat64
    statfs,           // struct statfs64
    sysinfo,
    timex,
};

enum class Way : u8 { read, write, change };  // what the call does with a structure

struct Argument {
    Shape shape = Shape::nothing;
    u8 from = 0;  // which of the program's words
    Way way = Way::read;
    u8 count = 1;  // structures, or longs and words, in a row
    i32 value = 0;
};

struct CallRow {
    u32 number;
    char const* name;
    u32 generic;              // asm-generic/unistd.h
    Argument arguments[6]{};  // the first is `nothing`: all six are words
};

constexpr Argument word(u8 from) { return {Shape::word, from}; }
constexpr Argument number(u8 from) { return {Shape::number, from}; }
constexpr Argument pair(u8 from) { return {Shape::pair, from}; }
constexpr Argument pages(u8 from) { return {Shape::pages, from}; }
constexpr Argument lock_command(u8 from) { return {Shape::lock_command, from}; }
constexpr Argument constant(i32 value) { return {.shape = Shape::constant, .value = value}; }
inline constexpr Argument here = constant(-100);  // AT_FDCWD

constexpr Argument milliseconds(u8 from) { return {Shape::milliseconds, from}; }
constexpr Argument futex_time(u8 from) { return {Shape::futex_time, from}; }
constexpr Argument futex_wide_time(u8 from) { return {Shape::futex_wide_time, from}; }
constexpr Argument vectors(u8 from, u8 count) { return {Shape::vectors, from, Way::read, count}; }
constexpr Argument read_longs(u8 from, u8 n) { return {Shape::longs, from, Way::read, n}; }
constexpr Argument write_longs(u8 from, u8 n) { return {Shape::longs, from, Way::write, n}; }
constexpr Argument change_longs(u8 from, u8 n) { return {Shape::longs, from, Way::change, n}; }
constexpr Argument read_words(u8 from, u8 n) { return {Shape::words, from, Way::read, n}; }
constexpr Argument write_words(u8 from, u8 n) { return {Shape::words, from, Way::write, n}; }
constexpr Argument read_limits(u8 from) { return {Shape::limits, from, Way::read, 2}; }
constexpr Argument write_limits(u8 from) { return {Shape::limits, from, Way::write, 2}; }
constexpr Argument read_times(u8 from, u8 n) { return {Shape::times, from, Way::read, n}; }
constexpr Argument read_microseconds(u8 from, u8 n) {
    return {Shape::microseconds, from, Way::read, n};
}
constexpr Argument read_action(u8 from) { return {Shape::action, from, Way::read}; }
constexpr Argument write_action(u8 from) { return {Shape::action, from, Way::write}; }
constexpr Argument read_info(u8 from) { return {Shape::info, from, Way::read}; }
constexpr Argument write_info(u8 from) { return {Shape::info, from, Way::write}; }
constexpr Argument read_event(u8 from) { return {Shape::event, from, Way::read}; }
constexpr Argument write_stat(u8 from) { return {Shape::stat, from, Way::write}; }
constexpr Argument write_statfs(u8 from) { return {Shape::statfs, from, Way::write}; }
constexpr Argument change_timex(u8 from) { return {Shape::timex, from, Way::change}; }
constexpr Argument write_sysinfo(u8 from) { return {Shape::sysinfo, from, Way::write}; }

}  // namespace vdsokit::arch::arm
