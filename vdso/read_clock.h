// SPDX-License-Identifier: BSD-2-Clause
// One line of the time page to one reading of its clock. Runs in the process, on memory that the
// host may change at any moment and that may be no time page at all; nothing here can fault or spin
// for ever. "No reading" means: make the system call. Protocol in abi/time_page.h.
#pragma once

#include "cpu.h"

#include "abi/conversion.h"
#include "abi/shared.h"
#include "abi/time_page.h"

namespace vdsokit::vdso {

// How often a reader looks again at a line that is being written before it makes the system call.
// A write takes some hundred ns; this many looks take about a millisecond.
inline constexpr u32 patience = 1 << 16;

// Units of a second.
inline constexpr u32 nanoseconds{abi::nanoseconds_per_second};
inline constexpr u32 microseconds{abi::microseconds_per_second};

// 0 <= part < units a second; the caller knows whether these are nanoseconds or microseconds.
struct Reading {
    i64 seconds;
    u64 part;
};

[[gnu::always_inline]] inline Reading reading_of(abi::Instant instant, u32 units) {
    return {instant.seconds, arch::multiply_wide(instant.fraction, units).high};
}

// The line's state and count, as a reader compares it.
[[gnu::always_inline]] inline u64 load_state(abi::ClockLine const& line) {
    return abi::with_even_count(arch::load_acquire(abi::state_word(line)));
}

// Whether the word says `state`. Where the CPU judges the count with it, an odd one says nothing; as
// elsewhere it never equals what is loaded again.
[[gnu::always_inline]] inline bool says(u64 word, u32 state) {
    if constexpr (arch::judges_count) return word << 31 == u64{state} << 31;
    return static_cast<u32>(word) == state;
}
[[gnu::always_inline]] inline u64 as_compared(u64 word) {
    return arch::judges_count ? word : abi::with_even_count(word);
}

// One attempt at a line that runs from `kind`; `seen` is its state word, already judged. False: the
// line changed meanwhile. The fields are gathered only when they are known to be whole.
[[gnu::always_inline]] inline bool read_based(abi::ClockLine const& line, CounterKind kind,
                                              u64 seen, abi::Instant& out) {
    abi::ClockLine const* const fields = arch::behind(seen, &line);
    u64 cycle_last;
    u64 mult;
    u64 base_fraction;
    u64 base_seconds;
    arch::load_pair<offsetof(abi::ClockLine, cycle_last)>(fields, cycle_last, mult);
    arch::load_pair<offsetof(abi::ClockLine, base_fraction)>(fields, base_fraction, base_seconds);
    u32 const shift = arch::load_half<offsetof(abi::ClockLine, shift)>(fields);
    arch::order_loads();
    Cycles const now = arch::read_counter(kind);
    if (!arch::unchanged_after(now, abi::state_word(line), seen)) return false;
    abi::LineValues const values{.cycle_last = cycle_last,
                                 .mult = mult,
                                 .base_fraction = base_fraction,
                                 .base_seconds = static_cast<i64>(base_seconds),
                                 .shift = shift};
    out = abi::instant_at(values, now);
    return true;
}

// The fast path, with the state judged: `line` is what arch::behind() gives for its state word.
[[gnu::always_inline]] inline bool try_counter(abi::ClockLine const& line, u64 seen,
                                               abi::Instant& out) {
    if constexpr (arch::reads_lines) {
        LineReading const reading = arch::read_line<abi::LineOffsets>(&line, seen);
        if (!reading.is_whole) [[unlikely]]
            return false;
        out = {static_cast<i64>(reading.seconds), reading.fraction};
        return true;
    }
    return read_based(line, CounterKind::virtual_count, seen, out);
}

// `word` is the line's state word by arch::load_acquire(), not yet judged.
[[gnu::always_inline]] inline bool try_counter(abi::ClockLine const& line, u64 word, u32 units,
                                               Reading& out) {
    abi::ClockLine const* const fields = arch::behind(word, &line);
    if (!says(word, abi::state_of(abi::ClockMode::counter))) [[unlikely]]
        return false;
    abi::Instant instant;
    if (!try_counter(*fields, as_compared(word), instant)) [[unlikely]]
        return false;
    out = reading_of(instant, units);
    return true;
}

[[gnu::always_inline]] inline bool try_counter(abi::ClockLine const& line, u32 units,
                                               Reading& out) {
    return try_counter(line, arch::load_acquire(abi::state_word(line)), units, out);
}

// The base alone, as coarse clocks hold it: no counter is read. `seen` is the line's state word,
// already judged. False: the line changed meanwhile.
[[gnu::always_inline]] inline bool try_base(abi::ClockLine const& line, u64 seen,
                                            abi::Instant& out) {
    abi::ClockLine const* const fields = arch::behind(seen, &line);
    u64 fraction;
    u64 seconds;
    arch::load_pair<offsetof(abi::ClockLine, base_fraction)>(fields, fraction, seconds);
    if (!arch::unchanged(abi::state_word(line), seen)) return false;
    out = {static_cast<i64>(seconds), fraction};
    return true;
}

// Any mode, with patience; `clock` is the line's id. False: the clock cannot be read from the page.
// One copy serves all exported functions; kept out of their way.
[[gnu::noinline, gnu::cold]] bool read_patiently(abi::ClockLine const& line, u32 clock, u32 units,
                                                 Reading& out);

}  // namespace vdsokit::vdso
