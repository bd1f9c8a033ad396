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
inline constexpr bool chains_at_once = false;
inline constexpr bool judges_count = false;

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

// One attempt at a line that runs from the counter; gcc would move each pair of words through the
// stack. Three fields are loaded in front of the counter, the last behind it, where a register is
// free; the barrier holds all of them in front of the recheck, whose address depends on the counter.
// umaal adds both halves of its destination to the product, which cannot overflow: the product's
// lowest word, which no result needs, is dropped. Shifts by 32 and more give 0, as the CPU has it.
// [Arm DDI 0406C, A8.8.255] The arithmetic is that of abi/conversion.h.
inline constexpr bool reads_lines = true;

template <class Offsets>
[[gnu::always_inline]] inline LineReading read_line(void const* line, u64 seen) {
    // Not a structure's members: gcc would keep those in memory.
    u64 seconds;
    u64 fraction;
    void const* fields = line;
    u64 mult;
    u64 elapsed;
    u32 shift;
    u32 sequence;
    asm volatile(
        "ldrd %[seconds], %H[seconds], [%[fields], %[cycle_last]]\n\t"
        "ldrd %[mult], %H[mult], [%[fields], %[mult_at]]\n\t"
        "ldr %[shift], [%[fields], %[shift_at]]\n\t"
        "ldrd %[fraction], %H[fraction], [%[fields], %[base_fraction]]\n\t"
        "isb\n\t"
        "mrrc p15, 1, %[elapsed], %H[elapsed], c14\n\t"
        "subs %[elapsed], %[elapsed], %[seconds]\n\t"
        "sbc %H[elapsed], %H[elapsed], %H[seconds]\n\t"
        "ldrd %[seconds], %H[seconds], [%[fields], %[base_seconds]]\n\t"
        // elapsed <<= shift
        "sub %[spare], %[shift], #32\n\t"
        "lsl %H[elapsed], %H[elapsed], %[shift]\n\t"
        "orr %H[elapsed], %H[elapsed], %[elapsed], lsl %[spare]\n\t"
        "rsb %[spare], %[shift], #32\n\t"
        "orr %H[elapsed], %H[elapsed], %[elapsed], lsr %[spare]\n\t"
        "lsl %[elapsed], %[elapsed], %[shift]\n\t"
        // elapsed (low word) : spare : shift = the upper three words of elapsed * mult
        "umull %[spare], %[shift], %[elapsed], %[mult]\n\t"
        "mov %[spare], #0\n\t"
        "umaal %[shift], %[spare], %[elapsed], %H[mult]\n\t"
        "eor %[elapsed], %[elapsed], %[elapsed]\n\t"
        "add %[fields], %[fields], %[elapsed]\n\t"
        "umaal %[shift], %[elapsed], %H[elapsed], %[mult]\n\t"
        "umaal %[spare], %[elapsed], %H[elapsed], %H[mult]\n\t"
        // on top of the base
        "adds %[fraction], %[fraction], %[shift]\n\t"
        "adcs %H[fraction], %H[fraction], %[spare]\n\t"
        "adcs %[seconds], %[seconds], %[elapsed]\n\t"
        "adc %H[seconds], %H[seconds], #0\n\t"
        "dmb ish\n\t"
        "ldr %[spare], [%[fields], #4]"
        : [fields] "+&r"(fields), [seconds] "=&r"(seconds), [fraction] "=&r"(fraction),
          [mult] "=&r"(mult), [elapsed] "=&r"(elapsed), [shift] "=&r"(shift),
          [spare] "=&r"(sequence)
        : [cycle_last] "i"(Offsets::cycle_last), [mult_at] "i"(Offsets::mult),
          [base_fraction] "i"(Offsets::base_fraction), [base_seconds] "i"(Offsets::base_seconds),
          [shift_at] "i"(Offsets::shift)
        : "cc", "memory");
    return {seconds, fraction, sequence == words32::high_half(seen)};
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
