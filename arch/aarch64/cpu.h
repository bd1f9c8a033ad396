// SPDX-License-Identifier: BSD-2-Clause
// aarch64: counter reads and the order of loads around them. Contract in arch/README.md.
// [Arm DDI 0487, D11.1.2 and B2.3]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr bool has_physical_counter = true;
inline constexpr bool can_chain = true;
inline constexpr bool chains_at_once = false;  // the one page of code has no room for it
inline constexpr bool judges_count = false;
inline constexpr bool reads_lines = false;

[[gnu::always_inline]] inline Wide multiply_wide(u64 a, u64 b) {
    __extension__ using u128 = unsigned __int128;
    u128 const product = static_cast<u128>(a) * b;
    return {static_cast<u64>(product >> 64), static_cast<u64>(product)};
}

[[gnu::always_inline]] inline Division divide(u64 dividend, u64 divisor) {
    return {dividend / divisor, dividend % divisor};
}

[[gnu::always_inline]] inline u64 load_acquire(u64 const& word) {
    u64 value;
    asm volatile("ldar %0, %1" : "=r"(value) : "Q"(word) : "memory");
    return value;
}

template <class T>
[[gnu::always_inline]] inline T const* behind(u64, T const* place) {
    return place;
}

// One instruction; each half is single-copy atomic. Two relaxed loads are never merged by gcc, and
// the offset is an immediate because an operand of ldp has no constraint that clang knows.
template <u64 Offset>
[[gnu::always_inline]] inline void load_pair(void const* base, u64& first, u64& second) {
    static_assert(Offset % 8 == 0 && Offset <= 504);
    asm volatile("ldp %0, %1, [%2, %3]"
                 : "=&r"(first), "=r"(second)
                 : "r"(base), "i"(Offset)
                 : "memory");
}

// Likewise: gcc gives an atomic load no offset.
template <u64 Offset>
[[gnu::always_inline]] inline u32 load_half(void const* base) {
    static_assert(Offset % 4 == 0 && Offset <= 16380);
    u32 value;
    asm volatile("ldr %w0, [%1, %2]" : "=r"(value) : "r"(base), "i"(Offset) : "memory");
    return value;
}

// The compiler forgets how the address was computed, and so keeps it in one register instead of
// computing it again for each field.
template <class T>
[[gnu::always_inline]] inline T const* pin(T const* place) {
    asm("" : "+r"(place));
    return place;
}

[[gnu::always_inline]] inline void order_loads() { asm volatile("dmb ishld" : : : "memory"); }

// The isb keeps the counter from being read ahead of the branch on the state word.
[[gnu::always_inline]] inline Cycles read_counter(CounterKind kind) {
    u64 value;
    if (kind == CounterKind::virtual_count)
        asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(value) : : "memory");
    else
        asm volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(value) : : "memory");
    return {value};
}

[[gnu::always_inline]] inline bool unchanged(u64 const& word, u64 seen) {
    order_loads();
    return load_acquire(word) == seen;
}

// The address depends on the counter's value, so the load cannot be performed before the counter
// was read; a second isb would do the same at the price of a pipeline flush.
[[gnu::always_inline]] inline bool unchanged_after(Cycles counter, u64 const& word, u64 seen) {
    u64 value;
    asm volatile("eor %0, %1, %1\n\tldr %0, [%2, %0]"
                 : "=&r"(value)
                 : "r"(counter.value), "r"(&word)
                 : "memory");
    return value == seen;
}

[[gnu::always_inline]] inline void order_stores() { asm volatile("dmb ishst" : : : "memory"); }

// dsb: a counter read is no memory access, so a dmb would not order it; isb keeps it from being
// read early.
[[gnu::always_inline]] inline void publish_barrier() {
    asm volatile("dsb ish\n\tisb" : : : "memory");
}

[[gnu::always_inline]] inline u64 counter_frequency() {
    u64 value;
    asm volatile("mrs %0, cntfrq_el0" : "=r"(value));
    return value;
}

[[gnu::always_inline]] inline void relax() { asm volatile("yield" : : : "memory"); }

}  // namespace vdsokit::arch
