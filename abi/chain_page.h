// SPDX-License-Identifier: BSD-2-Clause
// The chain page: private to a process, read-only, mapped behind the time page where a host chains
// our clocks to another vDSO (ClockMode::chained). It holds the addresses of that vDSO's functions
// in this process; 0 where it has none, and the system call is made.
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

struct ChainPage {
    u64 magic;  // chain_magic; anything else: no chain
    u64 clock_gettime;
    u64 clock_getres;
    u64 getcpu;
    u64 getrandom;
};
static_assert(sizeof(ChainPage) == 40);

inline constexpr u64 chain_magic = 0x006e'6961'6863'6476;  // "vdchain\0", little-endian

}  // namespace vdsokit::abi
