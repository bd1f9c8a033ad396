// SPDX-License-Identifier: BSD-2-Clause
// A vector whose capacity is part of its type; being full is an ordinary answer.
#pragma once

#include <type_traits>

#include "arch/types.h"

namespace vdsokit::kit {

template <class T, u64 Capacity>
class FixedVector {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    [[nodiscard]] constexpr bool push(T const& value) {
        if (size_ == Capacity) return false;
        items_[size_++] = value;
        return true;
    }
    constexpr u64 size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    static constexpr u64 capacity() { return Capacity; }
    constexpr T const& operator[](u64 at) const {
        if (at >= size_) __builtin_trap();
        return items_[at];
    }
    constexpr T& operator[](u64 at) {
        if (at >= size_) __builtin_trap();
        return items_[at];
    }
    constexpr T const* begin() const { return items_; }
    constexpr T const* end() const { return items_ + size_; }
    constexpr T* begin() { return items_; }
    constexpr T* end() { return items_ + size_; }

private:
    T items_[Capacity]{};
    u64 size_ = 0;
};

}  // namespace vdsokit::kit
