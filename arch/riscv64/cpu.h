// SPDX-License-Identifier: BSD-2-Clause
// riscv64: the `time` CSR. Contract in arch/README.md. A read of that CSR is to fences what input
// from a device is ("i"), and ordered by nothing else. [RISC-V Unprivileged ISA 20191213, 2.7, 9.1,
// 10.1, 14]
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
inline constexpr bool chains_at_once = false;  // an instruction on every coarse clock's way
inline constexpr bool judges_count = true;
inline constexpr bool reads_lines = false;

[[gnu::always_inline]] inline Wide multiply_wide(u64 a, u64 b) {
    __extension__ using u128 = unsigned __int128;
    u128 const product = static_cast<u128>(a) * b;
    return {static_cast<u64>(product >> 64), static_cast<u64>(product)};
}

[[gnu::always_inline]] inline Division divide(u64 dividend, u64 divisor) {
    return {dividend / divisor, dividend % divisor};
}

// Before the counter too: a branch orders no later read.
[[gnu::always_inline]] inline u64 load_acquire(u64 const& word) {
    u64 const value = __atomic_load_n(shared(word), __ATOMIC_RELAXED);
    asm volatile("fence r, ir" : : : "memory");
    return value;
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
    asm("" : "+r"(place));
    return place;
}

// The fence of unchanged_after() orders these loads too.
[[gnu::always_inline]] inline void order_loads() { asm volatile("" : : : "memory"); }

// load_acquire() holds it back.
[[gnu::always_inline]] inline Cycles read_counter(CounterKind) {
    u64 value;
    asm volatile("rdtime %0" : "=r"(value) : : "memory");
    return {value};
}

[[gnu::always_inline]] inline bool unchanged(u64 const& word, u64 seen) {
    asm volatile("fence r, r" : : : "memory");
    return __atomic_load_n(shared(word), __ATOMIC_RELAXED) == seen;
}

[[gnu::always_inline]] inline bool unchanged_after(Cycles, u64 const& word, u64 seen) {
    asm volatile("fence ir, r" : : : "memory");
    return __atomic_load_n(shared(word), __ATOMIC_RELAXED) == seen;
}

[[gnu::always_inline]] inline void order_stores() { asm volatile("fence w, w" : : : "memory"); }

[[gnu::always_inline]] inline void publish_barrier() { asm volatile("fence w, i" : : : "memory"); }

// Only the host knows: it is in the device tree.
[[gnu::always_inline]] inline u64 counter_frequency() { return 0; }

// `pause`, which is a fence without effect where the CPU has no Zihintpause.
[[gnu::always_inline]] inline void relax() { asm volatile(".4byte 0x0100000f" : : : "memory"); }

}  // namespace vdsokit::arch
