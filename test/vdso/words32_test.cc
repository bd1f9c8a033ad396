// SPDX-License-Identifier: BSD-2-Clause
// The arithmetic of CPUs with 32-bit registers against the compiler's own 128 bits.
#include "arch/words32.h"

#include <gtest/gtest.h>

namespace vdsokit::arch::words32 {
namespace {

__extension__ using u128 = unsigned __int128;

// Numbers whose halves are often all ones, all zeros or in between.
u64 next(u64& random) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    u64 const value = random ^ random >> 29;
    u64 const edges[] = {value, value | 0xffff'ffff, value & ~u64{0xffff'ffff}, value >> 32,
                         ~u64{0}};
    return edges[(random >> 60) % 5];
}

TEST(Words32, multiply_as_128_bits_do) {
    u64 random = 1;
    for (int i = 0; i < 100'000; ++i) {
        u64 const a = next(random);
        u64 const b = next(random);
        u128 const product = static_cast<u128>(a) * b;
        ASSERT_EQ(multiply_wide(a, b),
                  (Wide{static_cast<u64>(product >> 64), static_cast<u64>(product)}))
            << a << " * " << b;
    }
}

TEST(Words32, divide_with_quotient_and_remainder) {
    u64 random = 2;
    for (int i = 0; i < 20'000; ++i) {
        u64 const dividend = next(random);
        u64 const divisor = next(random) >> (i % 64);
        if (divisor == 0) continue;
        ASSERT_EQ(divide(dividend, divisor), (Division{dividend / divisor, dividend % divisor}))
            << dividend << " / " << divisor;
    }
}

}  // namespace
}  // namespace vdsokit::arch::words32
