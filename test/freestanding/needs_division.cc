// SPDX-License-Identifier: BSD-2-Clause
// Not freestanding: a 128-bit division is a call into the compiler's library.
unsigned long divide_in_secret(unsigned long high, unsigned long low, unsigned long by) {
    return static_cast<unsigned long>(((__uint128_t{high} << 64) | low) / by);
}
