// SPDX-License-Identifier: BSD-2-Clause
// clock_gettime(2) over a time page. Returns 0 or a negative errno, like the system call that it
// falls back to. `clock` is any 32 bits; `time` is the process's pointer and is not checked.
//
// `Out` says what is filled: Timespec* here, and whatever else has units_of_second(), answer() and
// call_clock_gettime() of its own (exports32.cc).
#pragma once

#include "system_call.h"

#include "vdso/chained_clock.h"
#include "vdso/read_clock.h"
#include "vdso/types.h"

namespace vdsokit::vdso {

// Out of line, like what follows: the fast path then needs no frame and moves no argument.
[[gnu::noinline, gnu::cold]] inline i32 call_clock_gettime(u32 clock, Timespec* time) {
    u64 const id = static_cast<u64>(i64{static_cast<i32>(clock)});  // as a C int is passed
    return static_cast<i32>(
        arch::system_call(arch::call::clock_gettime, id, reinterpret_cast<u64>(time)));
}

constexpr u32 units_of_second(Timespec*) { return nanoseconds; }

[[gnu::always_inline]] inline i32 answer(Reading reading, Timespec* time) {
    time->seconds = reading.seconds;
    time->nanoseconds = static_cast<i64>(reading.part);
    return 0;
}

template <class Out>
[[gnu::noinline, gnu::cold]] inline i32 patient_clock_gettime(u32 clock, Out time,
                                                              abi::ClockLine const& line) {
    Reading reading;
    if (read_patiently(line, clock, units_of_second(time), reading)) return answer(reading, time);
    return call_clock_gettime(clock, time);
}

// Third in line: with a frame of its own, since it calls.
template <class Out>
[[gnu::noinline]] inline i32 chained_clock_gettime(u32 clock, Out time, abi::ClockLine const& line,
                                                   u64 seen) {
    Reading reading;
    if (try_chained(line, clock, seen, units_of_second(time), reading) == Attempt::done) [[likely]]
        return answer(reading, time);
    return patient_clock_gettime(clock, time, line);
}

[[gnu::always_inline]] inline u64 seen_state(abi::ClockLine const& line) {
    return load_state(line);
}
[[gnu::always_inline]] inline u64 seen_state(abi::ClockLine const&, u64 word) {
    return as_compared(word);
}

// Second in line after the counter: coarse clocks, and the clocks that only the kernel knows. `word`
// is nothing, or the state word that the caller loaded.
template <class Out, class... Word>
[[gnu::noinline]] inline i32 held_clock_gettime(u32 clock, Out time, abi::ClockLine const& line,
                                                Word... word) {
    u64 const seen = seen_state(line, word...);
    u32 const state = static_cast<u32>(seen);
    abi::Instant base;
    if (says(seen, abi::state_of(abi::ClockMode::held)) && try_base(line, seen, base)) [[likely]]
        return answer(reading_of(base, units_of_second(time)), time);
    if constexpr (arch::chains_at_once)
        if (state == abi::state_of(abi::ClockMode::chained))
            return chained_clock_gettime(clock, time, line, seen);
    if (!abi::is_published(state)) return call_clock_gettime(clock, time);
    return patient_clock_gettime(clock, time, line);
}

template <class Out>
[[gnu::always_inline]] inline i32 read_clock_gettime(abi::TimePage const& page, u32 clock,
                                                     Out time) {
    if (clock >= abi::clock_lines) [[unlikely]]
        return call_clock_gettime(clock, time);
    abi::ClockLine const& line = *arch::pin(arch::pin(page.clocks) + clock);
    u64 const word = arch::load_acquire(abi::state_word(line));
    Reading reading;
    if (try_counter(line, word, units_of_second(time), reading)) [[likely]]
        return answer(reading, time);
    // Elsewhere one register more costs the counter's readers what it saves.
    if constexpr (arch::judges_count) return held_clock_gettime(clock, time, line, word);
    return held_clock_gettime(clock, time, line);
}

}  // namespace vdsokit::vdso
