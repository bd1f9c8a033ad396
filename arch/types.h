// SPDX-License-Identifier: BSD-2-Clause
// The integer types that every folder uses, and the unit of a hardware counter.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vdsokit {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;
using i64 = std::int64_t;

// A value of a hardware counter, or a difference of two. It wraps at the counter's width.
struct Cycles {
    u64 value;
    friend constexpr bool operator==(Cycles, Cycles) = default;
};

// The 128-bit product of two 64-bit numbers.
struct Wide {
    u64 high;
    u64 low;
    friend constexpr bool operator==(Wide, Wide) = default;
};

// A quotient and what is left.
struct Division {
    u64 quotient;
    u64 remainder;
    friend constexpr bool operator==(Division, Division) = default;
};

// What a line of the time page says at this moment, where a CPU reads lines whole (arch::read_line).
struct LineReading {
    u64 seconds;
    u64 fraction;   // 2^-64 s
    bool is_whole;  // the line did not change meanwhile
};

namespace arch {
// Only CPUs with `reads_lines` define it.
template <class Offsets>
LineReading read_line(void const* line, u64 seen);
}  // namespace arch

// Which of a CPU's counters a clock runs from. CPUs with one counter have `virtual_count` alone.
enum class CounterKind : u32 {
    virtual_count = 0,   // aarch64: CNTVCT_EL0
    physical_count = 1,  // aarch64: CNTPCT_EL0
};

}  // namespace vdsokit
