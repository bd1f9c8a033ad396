// SPDX-License-Identifier: BSD-2-Clause
// 32-bit Arm, ARMv7-A: the generic timer by its coprocessor registers, and loads of one word each,
// so that a 64-bit host may publish. Contract in arch/README.md. ldrd is not one access of 64 bits
// on every ARMv7 CPU, and is used as two of 32. [Arm DDI 0406C, A3.5.3, A3.8.2, B8.1]
#pragma once

#include "arch/types.h"
#include "arch/words32.h"

namespace vdsokit::arch {

inline constexpr bool has_physical_counter = true;
inline constexpr bool can_chain = false;
inline constexpr bool reads_lines = false;

[[gnu::always_inline]] inline Wide multiply_wide(u64 a, u64 b) {
    return words32::multiply_wide(a, b);
}

[[gnu::always_inline]] inline Division divide(u64 dividend, u64 divisor) {
    return words32::divide(dividend, divisor);
}

// The sequence, then the state, by a load whose address depends on the sequence: a state that was
// unlocked when it was loaded had no writer between the two.
[[gnu::always_inline]] inline u64 load_acquire(u64 const& word) {
    u32 state;
    u32 sequence;
    asm volatile(
        "ldr %1, [%2, #4]\n\t"
        "eor %0, %1, %1\n\t"
        "ldr %0, [%2, %0]"
        : "=&r"(state), "=&r"(sequence)
        : "r"(&word)
        : "memory");
    return words32::joined(sequence, state);
}

// The address depends on the state, and so on both halves; a barrier would cost more.
template <class T>
[[gnu::always_inline]] inline T const* behind(u64 word, T const* place) {
    u32 zero = words32::low_half(word);
    asm volatile("eor %0, %0, %0" : "+r"(zero) : : "memory");
    return reinterpret_cast<T const*>(reinterpret_cast<char const*>(place) + zero);
}

template <u64 Offset>
[[gnu::always_inline]] inline void load_pair(void const* base, u64& first, u64& second) {
    static_assert(Offset % 8 == 0 && Offset <= 240);
    asm volatile("ldrd %0, %H0, [%1, %2]" : "=r"(first) : "r"(base), "i"(Offset) : "memory");
    asm volatile("ldrd %0, %H0, [%1, %2]" : "=r"(second) : "r"(base), "i"(Offset + 8) : "memory");
}

template <u64 Offset>
[[gnu::always_inline]] inline u32 load_half(void const* base) {
    static_assert(Offset % 4 == 0 && Offset <= 4092);
    u32 value;
    asm volatile("ldr %0, [%1, %2]" : "=r"(value) : "r"(base), "i"(Offset) : "memory");
    return value;
}

template <class T>
[[gnu::always_inline]] inline T const* pin(T const* place) {
    asm("" : "+r"(place));
    return place;
}

[[gnu::always_inline]] inline void order_loads() { asm volatile("dmb ish" : : : "memory"); }

// The isb keeps the counter from being read ahead of the branch on the state word.
[[gnu::always_inline]] inline Cycles read_counter(CounterKind kind) {
    u64 value;
    if (kind == CounterKind::virtual_count)
        asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(value) : : "memory");
    else
        asm volatile("isb\n\tmrrc p15, 0, %Q0, %R0, c14" : "=r"(value) : : "memory");
    return {value};
}

// The sequence alone: while it stands, no field was stored, and no base is later than the counter.
[[gnu::always_inline]] inline bool unchanged(u64 const& word, u64 seen) {
    order_loads();
    u32 sequence;
    asm volatile("ldr %0, [%1, #4]" : "=r"(sequence) : "r"(&word) : "memory");
    return sequence == words32::high_half(seen);
}

// Likewise, by an address that depends on the counter's value.
[[gnu::always_inline]] inline bool unchanged_after(Cycles counter, u64 const& word, u64 seen) {
    u32 sequence = words32::low_half(counter.value);
    auto const* const halves = reinterpret_cast<char const*>(&word) + 4;
    asm volatile("eor %0, %1, %1\n\tldr %0, [%2, %0]"
                 : "=&r"(sequence)
                 : "r"(words32::low_half(counter.value)), "r"(halves)
                 : "memory");
    return sequence == words32::high_half(seen);
}

[[gnu::always_inline]] inline void order_stores() { asm volatile("dmb ishst" : : : "memory"); }

// dsb: a counter read is no memory access, so a dmb would not order it; isb keeps it from being
// read early.
[[gnu::always_inline]] inline void publish_barrier() {
    asm volatile("dsb ish\n\tisb" : : : "memory");
}

[[gnu::always_inline]] inline u64 counter_frequency() {
    u32 value;
    asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(value));
    return value;
}

[[gnu::always_inline]] inline void relax() { asm volatile("yield" : : : "memory"); }

}  // namespace vdsokit::arch
