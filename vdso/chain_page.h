// SPDX-License-Identifier: BSD-2-Clause
// The other vDSO that clocks may be chained to. Its page lies behind the image's last one and is
// there only where a line says so.
#pragma once

#include "abi/chain_page.h"
#include "abi/shared.h"
#include "vdso/types.h"

namespace vdsokit::vdso {

// The linker script puts it at the image's end (a test defines one).
extern "C" [[gnu::visibility("hidden")]] abi::ChainPage const vdsokit_chain_page;

using ChainedClock = i32 (*)(u32 clock, Timespec* time);

// nullptr: that vDSO has none.
inline ChainedClock chained_clock() {
    if (abi::load_shared(vdsokit_chain_page.magic) != abi::chain_magic) return nullptr;
    return reinterpret_cast<ChainedClock>(
        static_cast<std::uintptr_t>(abi::load_shared(vdsokit_chain_page.clock_gettime)));
}

using ChainedCpu = i32 (*)(u32* cpu, u32* node, void* unused);

inline ChainedCpu chained_getcpu() {
    if (abi::load_shared(vdsokit_chain_page.magic) != abi::chain_magic) return nullptr;
    return reinterpret_cast<ChainedCpu>(
        static_cast<std::uintptr_t>(abi::load_shared(vdsokit_chain_page.getcpu)));
}

using ChainedRandom = i64 (*)(void* buffer, u64 size, u32 flags, void* state, u64 state_bytes);

inline ChainedRandom chained_getrandom() {
    if (abi::load_shared(vdsokit_chain_page.magic) != abi::chain_magic) return nullptr;
    return reinterpret_cast<ChainedRandom>(abi::load_shared(vdsokit_chain_page.getrandom));
}

}  // namespace vdsokit::vdso
