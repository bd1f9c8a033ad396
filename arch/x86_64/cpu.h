// SPDX-License-Identifier: BSD-2-Clause
// x86_64: the time-stamp counter. Contract in arch/README.md. Loads are not reordered with loads,
// nor stores with stores, so most barriers only hold the compiler. [Intel SDM 3A, 9.2.2]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// The word may be declared as two halves.
using SharedWord [[gnu::may_alias]] = u64;
using SharedHalf [[gnu::may_alias]] = u32;
[[gnu::always_inline]] inline SharedWord const* shared(u64 const& word) {
    return reinterpret_cast<SharedWord const*>(&word);
}

inline constexpr bool has_physical_counter = false;
inline constexpr bool can_chain = true;
inline constexpr bool chains_at_once = true;  // a reader of its own for that: two pages of code
inline constexpr bool judges_count = false;

[[gnu::always_inline]] inline Wide multiply_wide(u64 a, u64 b) {
    __extension__ using u128 = unsigned __int128;
    u128 const product = static_cast<u128>(a) * b;
    return {static_cast<u64>(product >> 64), static_cast<u64>(product)};
}

[[gnu::always_inline]] inline Division divide(u64 dividend, u64 divisor) {
    return {dividend / divisor, dividend % divisor};
}

[[gnu::always_inline]] inline u64 load_acquire(u64 const& word) {
    return __atomic_load_n(shared(word), __ATOMIC_ACQUIRE);
}

template <class T>
[[gnu::always_inline]] inline T const* behind(u64, T const* place) {
    return place;
}

template <u64 Offset>
[[gnu::always_inline]] inline void load_pair(void const* base, u64& first, u64& second) {
    auto const* const words = static_cast<SharedWord const*>(base) + Offset / 8;
    first = __atomic_load_n(words, __ATOMIC_RELAXED);
    second = __atomic_load_n(words + 1, __ATOMIC_RELAXED);
}

template <u64 Offset>
[[gnu::always_inline]] inline u32 load_half(void const* base) {
    auto const* const halves = static_cast<SharedHalf const*>(base) + Offset / 4;
    return __atomic_load_n(halves, __ATOMIC_RELAXED);
}

template <class T>
[[gnu::always_inline]] inline T const* pin(T const* place) {
    return place;
}

[[gnu::always_inline]] inline void order_loads() { asm volatile("" : : : "memory"); }

// lfence: rdtsc waits for every earlier load. [Intel SDM 2B, RDTSC]
[[gnu::always_inline]] inline Cycles read_counter(CounterKind) {
    u64 low;
    u64 high;
    asm volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
    return {high << 32 | low};
}

[[gnu::always_inline]] inline bool unchanged(u64 const& word, u64 seen) {
    return load_acquire(word) == seen;
}

// The address depends on the counter's value; see aarch64.
[[gnu::always_inline]] inline bool unchanged_after(Cycles counter, u64 const& word, u64 seen) {
    u64 zero = counter.value;
    asm volatile("and $0, %0" : "+r"(zero) : : "cc");
    return __atomic_load_n(shared(word) + zero, __ATOMIC_RELAXED) == seen;
}

// One attempt at a line that runs from the counter, in the fewest steps between the counter's value
// and the result: what a call costs is the bare counter and the length of this chain. (elapsed is
// low - cycle_last + (high << 32), so that two of its three terms meet while the third is shifted;
// the base's fraction is added to the product's low half while the high half is still multiplied.)
// The fields are loaded behind the counter, while it is on its way: in front of it each of them
// would have to arrive before the lfence lets the counter be read. Loads stay in order, so the state,
// whose address depends on the counter, is loaded again behind them all. [docs/performance.md]
// The line and its state are held in registers that carry no argument, so that none is moved away in
// front of the lfence: that is a cycle of each call on Zen 4. The arithmetic is that of
// abi/conversion.h.
inline constexpr bool reads_lines = true;

template <class Offsets>
[[gnu::always_inline]] inline LineReading read_line(void const* line, u64 seen) {
    LineReading reading;
    u64 zero;
    bool is_changed;
    register void const* const place asm("r8") = line;
    register u64 const expected asm("r9") = seen;
    asm volatile(
        "lfence\n\t"
        "rdtsc\n\t"
        "mov %c[shift](%[line]), %%ecx\n\t"
        "mov %%rax, %[zero]\n\t"
        "shl $32, %%rdx\n\t"
        "sub %c[cycle_last](%[line]), %%rax\n\t"
        "shr $32, %[zero]\n\t"  // rdtsc clears the upper half
        "add %%rdx, %%rax\n\t"
        "shl %%cl, %%rax\n\t"
        "mulq %c[mult](%[line])\n\t"
        "mov %c[base_seconds](%[line]), %[seconds]\n\t"
        "mov %%rdx, %%rcx\n\t"
        "shr $32, %%rax\n\t"
        "shl $32, %%rdx\n\t"
        "add %c[base_fraction](%[line]), %%rax\n\t"
        "adc $0, %[seconds]\n\t"
        "shr $32, %%rcx\n\t"
        "add %%rax, %%rdx\n\t"
        "adc %%rcx, %[seconds]\n\t"
        "cmp (%[line],%[zero]), %[seen]"
        : [seconds] "=&r"(reading.seconds), [zero] "=&r"(zero), "=&d"(reading.fraction),
          "=@ccne"(is_changed)
        : [line] "r"(place), [seen] "r"(expected), [cycle_last] "i"(Offsets::cycle_last),
          [mult] "i"(Offsets::mult), [base_fraction] "i"(Offsets::base_fraction),
          [base_seconds] "i"(Offsets::base_seconds), [shift] "i"(Offsets::shift)
        : "rax", "rcx", "memory");
    reading.is_whole = !is_changed;
    return reading;
}

[[gnu::always_inline]] inline void order_stores() { asm volatile("" : : : "memory"); }

[[gnu::always_inline]] inline void publish_barrier() {
    asm volatile("mfence\n\tlfence" : : : "memory");
}

[[gnu::always_inline]] inline u64 counter_frequency() { return 0; }

[[gnu::always_inline]] inline void relax() { asm volatile("pause" : : : "memory"); }

}  // namespace vdsokit::arch
