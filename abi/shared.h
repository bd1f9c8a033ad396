// SPDX-License-Identifier: BSD-2-Clause
// The only way to touch memory that another CPU may write: one relaxed access no wider than the
// type. A sequence count around the accesses makes a set of them whole (time_page.h).
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

template <class T>
[[gnu::always_inline]] inline T load_shared(T const& place) {
    return __atomic_load_n(&place, __ATOMIC_RELAXED);
}

template <class T>
[[gnu::always_inline]] inline void store_shared(T& place, T value) {
    __atomic_store_n(&place, value, __ATOMIC_RELAXED);
}

}  // namespace vdsokit::abi
