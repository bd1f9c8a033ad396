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

// nullptr: that vDSO has none.
template <class Function>
[[gnu::always_inline]] inline Function* chained(u64 const& distance) {
    if (abi::load_shared(vdsokit_chain_page.magic) != abi::chain_magic) return nullptr;
    u64 const before = abi::load_shared(distance);
    if (before == 0) return nullptr;
    auto const page = reinterpret_cast<std::uintptr_t>(&vdsokit_chain_page);
    std::uintptr_t const function = page - static_cast<std::uintptr_t>(before);
    if (function == 0) __builtin_unreachable();  // no second question whether there is one
    return reinterpret_cast<Function*>(function);
}

using ChainedClock = i32(u32 clock, Timespec* time);
inline ChainedClock* chained_clock() {
    return chained<ChainedClock>(vdsokit_chain_page.clock_gettime);
}

using ChainedCpu = i32(u32* cpu, u32* node, void* unused);
inline ChainedCpu* chained_getcpu() { return chained<ChainedCpu>(vdsokit_chain_page.getcpu); }

using ChainedRandom = i64(void* buffer, u64 size, u32 flags, void* state, u64 state_bytes);
inline ChainedRandom* chained_getrandom() {
    return chained<ChainedRandom>(vdsokit_chain_page.getrandom);
}

}  // namespace vdsokit::vdso
