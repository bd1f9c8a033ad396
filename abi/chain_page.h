// SPDX-License-Identifier: BSD-2-Clause
// The chain page: read-only, mapped behind the time page where a host chains our clocks to another
// vDSO (ClockMode::chained). It says where that vDSO's functions lie, as seen from this page, so that
// processes which have both at the same distance from each other can share it.
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

// Each function: how many bytes in front of this page's first one it begins (modulo 2^64, where it
// lies behind); 0 where that vDSO has none, and the system call is made.
struct ChainPage {
    u64 magic;  // chain_magic; anything else: no chain
    u64 clock_gettime;
    u64 clock_getres;
    u64 getcpu;
    u64 getrandom;
};
static_assert(sizeof(ChainPage) == 40);

inline constexpr u64 chain_magic = 0x326e'6961'6863'6476;  // "vdchain2", little-endian

// What stands for a function: both as the process has them; `function` 0: there is none.
constexpr u64 chain_distance(u64 page, u64 function) { return function == 0 ? 0 : page - function; }

}  // namespace vdsokit::abi
