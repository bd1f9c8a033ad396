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
[[gnu::always_inline]] inline WordPair load_pair(void const* base) {
    auto const* const words = static_cast<SharedWord const*>(base) + Offset / 8;
    return {__atomic_load_n(words, __ATOMIC_RELAXED), __atomic_load_n(words + 1, __ATOMIC_RELAXED)};
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
    u32 low;
    u32 high;
    asm volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
    return {(u64{high} << 32) | low};
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

[[gnu::always_inline]] inline void order_stores() { asm volatile("" : : : "memory"); }

[[gnu::always_inline]] inline void publish_barrier() {
    asm volatile("mfence\n\tlfence" : : : "memory");
}

[[gnu::always_inline]] inline u64 counter_frequency() { return 0; }

[[gnu::always_inline]] inline void relax() { asm volatile("pause" : : : "memory"); }

}  // namespace vdsokit::arch
