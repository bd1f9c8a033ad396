// SPDX-License-Identifier: BSD-2-Clause
// How a C++ object of the kit stands in a structure of vdsokit.h. For this folder alone.
#pragma once

#include <new>
#include <type_traits>

#include "arch/types.h"
#include "kit/vdsokit.h"

namespace vdsokit::kit {

template <class T, class C>
void store_in_c(C* place, T const& object) {
    static_assert(std::is_trivially_copyable_v<T>);
    static_assert(sizeof(T) <= sizeof(C));
    static_assert(alignof(T) <= alignof(C));
    new (place->opaque) T(object);
}

// Precondition: store_in_c() of the same type has been there.
template <class T, class C>
T& from_c(C* place) {
    return *std::launder(reinterpret_cast<T*>(place->opaque));
}
template <class T, class C>
T const& from_c(C const* place) {
    return *std::launder(reinterpret_cast<T const*>(place->opaque));
}

inline void fill_fault(vdsokit_fault* fault, char const* rule, char const* why, u64 at) {
    if (fault != nullptr) *fault = {rule, why, at};
}

}  // namespace vdsokit::kit
