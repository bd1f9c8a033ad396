// SPDX-License-Identifier: BSD-2-Clause
// The only way to touch memory that another CPU may write: relaxed accesses no wider than a register,
// so one, or two for a 64-bit number on a 32-bit CPU. A sequence count around the accesses makes a
// set of them whole (time_page.h).
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

using SharedWord [[gnu::may_alias]] = u32;

template <class T>
[[gnu::always_inline]] inline T load_shared(T const& place) {
    if constexpr (sizeof(T) <= sizeof(void*)) {
        return __atomic_load_n(&place, __ATOMIC_RELAXED);
    } else {
        auto const* const halves = reinterpret_cast<SharedWord const*>(&place);
        u32 const low = __atomic_load_n(halves, __ATOMIC_RELAXED);
        u32 const high = __atomic_load_n(halves + 1, __ATOMIC_RELAXED);
        return static_cast<T>(u64{high} << 32 | low);
    }
}

template <class T>
[[gnu::always_inline]] inline void store_shared(T& place, T value) {
    if constexpr (sizeof(T) <= sizeof(void*)) {
        __atomic_store_n(&place, value, __ATOMIC_RELAXED);
    } else {
        auto* const halves = reinterpret_cast<SharedWord*>(&place);
        __atomic_store_n(halves, static_cast<u32>(value), __ATOMIC_RELAXED);
        __atomic_store_n(halves + 1, static_cast<u32>(static_cast<u64>(value) >> 32),
                         __ATOMIC_RELAXED);
    }
}

}  // namespace vdsokit::abi
