// SPDX-License-Identifier: BSD-2-Clause
// The time page: one header line, then one 64-byte line per clock id, so that a reader of one clock
// touches one cache line. The host's Timekeeper is their only writer; every process maps the page
// read-only. Behind the clocks lies the line of getrandom, with a writer of its own (random_line.h).
//
// Protocol, per line. The writer, for one line or several:
//   1. state := locked(state); sequence += 1            (relaxed stores, order_stores() between)
//   2. publish_barrier(); read the counter; compute     (so no reader still extrapolates the old
//                                                        line past the new line's cycle_last)
//   3. store the fields
//   4. order_stores(); sequence += 1; order_stores(); state := the new unlocked state
// A reader loads {state, sequence} in one 64-bit acquire load (a 32-bit CPU: sequence, then state),
// goes on if state is exactly the one it serves, loads the fields, reads the counter, and retries
// unless {state, sequence} is unchanged, with an even count, by a load performed after the counter
// read.
// Whatever is not the expected state leaves the fast path: locked or an odd count (retry, for a
// bounded number of times), another mode, another version, a page that is no time page at all.
#pragma once

#include "abi/clock_id.h"
#include "abi/random_line.h"
#include "arch/types.h"

namespace vdsokit::abi {

// How a clock is answered.
enum class ClockMode : u32 {
    none = 0,              // make the system call
    counter = 1,           // base + CNTVCT_EL0, TSC, `time` CSR
    physical_counter = 2,  // base + CNTPCT_EL0
    held = 3,              // base alone: a coarse clock, or one that is frozen
    direct = 4,            // no base: counter / counter_frequency(), as the CPU states it
    direct_physical = 5,   // the same from CNTPCT_EL0
    chained = 6,           // what another vDSO says (chain_page.h), plus the base
};

// The state word: lock bit, mode, version, magic. It fits the 12-bit immediate of an aarch64 cmp,
// so one comparison tells "published, unlocked, this mode, this version, one of ours".
inline constexpr u32 state_locked = 1;
inline constexpr u32 line_magic = 0xd;
inline constexpr u32 page_version = 1;

constexpr u32 state_of(ClockMode mode) {
    return (line_magic << 8) | (page_version << 4) | (static_cast<u32>(mode) << 1);
}
constexpr ClockMode mode_of(u32 state) { return static_cast<ClockMode>((state >> 1) & 7); }
constexpr bool is_line_state(u32 state) {
    return (state & ~u32{0xf}) == ((line_magic << 8) | (page_version << 4));
}

// One of ours and in any mode but none, locked or not: one subtraction and one comparison.
constexpr bool is_published(u32 state) {
    return state - state_of(ClockMode::counter) <= (u32{7} << 1 | state_locked) - 2;
}
static_assert(!is_published(state_of(ClockMode::none)) &&
              !is_published(state_of(ClockMode::none) | state_locked) &&
              is_published(state_of(ClockMode::counter)) &&
              is_published(state_of(ClockMode{7}) | state_locked) &&
              !is_published(state_of(ClockMode{7}) + 2));

struct alignas(64) ClockLine {
    u32 state;          // state_of(mode), with state_locked while it is written
    u32 sequence;       // odd while it is written; wraps freely
    u64 cycle_last;     // the counter at the base
    u64 mult;           // 2^96 / (frequency << shift), see conversion.h
    u64 base_fraction;  // units of 2^-64 s
    i64 base_seconds;
    u32 shift;  // 0..63
    u32 reserved0;
    u64 reserved1[2];
};
static_assert(sizeof(ClockLine) == 64);
static_assert(offsetof(ClockLine, sequence) == 4 && offsetof(ClockLine, cycle_last) == 8 &&
              offsetof(ClockLine, mult) == 16 && offsetof(ClockLine, base_fraction) == 24 &&
              offsetof(ClockLine, base_seconds) == 32 && offsetof(ClockLine, shift) == 40);

// The same for arch::read_line().
struct LineOffsets {
    static constexpr u64 cycle_last = offsetof(ClockLine, cycle_last);
    static constexpr u64 mult = offsetof(ClockLine, mult);
    static constexpr u64 base_fraction = offsetof(ClockLine, base_fraction);
    static constexpr u64 base_seconds = offsetof(ClockLine, base_seconds);
    static constexpr u64 shift = offsetof(ClockLine, shift);
};

// Where getcpu takes its answer from. Any other number: the system call.
enum class CpuSource : u32 {
    system_call = 0,
    chained = 1,       // what another vDSO says (chain_page.h)
    cpu_register = 2,  // x86_64: RDPID, as Linux sets it
    cpu_segment = 3,   // x86_64: the limit of Linux's segment for it
};

// Those two hold node << 12 | cpu.
inline constexpr u32 cpu_number_bits = 12;

// Read without a lock, like Linux's: each word stands alone.
struct alignas(64) TimePageHeader {
    u64 magic;              // page_magic
    u32 version;            // page_version
    u32 line_count;         // clock_lines
    u32 resolution;         // ns; 0: clock_getres makes the system call
    u32 coarse_resolution;  // ns; 0: likewise
    i32 timezone_minutes_west;
    i32 timezone_dst;
    u32 timezone_is_set;  // 0: gettimeofday with a timezone makes the system call
    u32 cpu_source;       // CpuSource, for the CPUs whose vDSO reads their number
    u32 reserved0[6];
};
static_assert(sizeof(TimePageHeader) == 64);

inline constexpr u64 page_magic = 0x0074'696b'6f73'6476;  // "vdsokit\0", little-endian

struct TimePage {
    TimePageHeader header;
    ClockLine clocks[clock_lines];
    RandomLine random;  // in a file all zero: no host stands behind it

    static constexpr u32 current_version = page_version;
};
static_assert(offsetof(TimePage, random) == 64 + 64 * clock_lines);
static_assert(sizeof(TimePage) == 64 + 64 * clock_lines + sizeof(RandomLine));

// {state, sequence} as the one 64-bit word that readers load: state in the low half. Only for
// arch::load_acquire() and unchanged(), which do not mind that it is declared as two.
[[gnu::always_inline]] inline u64 const& state_word(ClockLine const& line) {
    return *static_cast<u64 const*>(static_cast<void const*>(&line));
}

// The same word with an even count. Against this one a reader compares: an odd count is one that
// somebody writes under, whatever the state beside it says, and never equals it.
constexpr u64 with_even_count(u64 word) { return word & ~(u64{1} << 32); }

// What an image carries and a host starts from: one of ours, and nothing is published.
constexpr TimePage unpublished_page() {
    TimePage page{};
    page.header.magic = page_magic;
    page.header.version = page_version;
    page.header.line_count = clock_lines;
    for (ClockLine& line : page.clocks) line.state = state_of(ClockMode::none);
    return page;
}

// A page is this long whatever the CPU's page size is; the rest of the CPU's page is zero.
inline constexpr u64 time_page_bytes = 4096;
static_assert(sizeof(TimePage) <= time_page_bytes);

}  // namespace vdsokit::abi
