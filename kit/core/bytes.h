// SPDX-License-Identifier: BSD-2-Clause
// A read-only run of untrusted bytes, and the range check that everything else uses.
#pragma once

#include <type_traits>

#include "arch/types.h"

namespace vdsokit::kit {

// [offset, offset + size) lies inside [0, limit), without computing a sum that can wrap.
constexpr bool inside(u64 offset, u64 size, u64 limit) {
    return size <= limit && offset <= limit - size;
}
static_assert(!inside(~u64{0}, 2, 4096) && inside(4094, 2, 4096) && !inside(4095, 2, 4096));

class Bytes {
public:
    constexpr Bytes() = default;
    constexpr Bytes(u8 const* data, u64 size) : data_(data), size_(size) {}

    constexpr u8 const* data() const { return data_; }
    constexpr u64 size() const { return size_; }
    constexpr u8 operator[](u64 at) const {
        if (at >= size_) __builtin_trap();
        return data_[at];
    }

    constexpr bool holds(u64 offset, u64 size) const { return inside(offset, size, size_); }

    // Precondition: holds(offset, size).
    constexpr Bytes part(u64 offset, u64 size) const {
        if (!holds(offset, size)) __builtin_trap();
        return {data_ + offset, size};
    }

    // Copies a T out; bytes need no alignment. Precondition: holds(offset, sizeof(T)).
    template <class T>
    T read(u64 offset) const {
        static_assert(std::is_trivially_copyable_v<T>);
        if (!holds(offset, sizeof(T))) __builtin_trap();
        T value;
        __builtin_memcpy(&value, data_ + offset, sizeof(T));
        return value;
    }

private:
    u8 const* data_ = nullptr;
    u64 size_ = 0;
};

}  // namespace vdsokit::kit
