// SPDX-License-Identifier: BSD-2-Clause
// A value or an error, no exceptions. Both are plain values; asking for the wrong one traps.
#pragma once

#include <type_traits>
#include <utility>

namespace vdsokit::kit {

struct Nothing {
    friend constexpr bool operator==(Nothing, Nothing) = default;
};

// T and E are trivially destructible and differ.
template <class T, class E>
class [[nodiscard]] Result {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_destructible_v<E>);
    static_assert(!std::is_same_v<T, E>);

public:
    constexpr Result(T value) : value_(value), ok_(true) {}
    constexpr Result(E error) : error_(error), ok_(false) {}

    constexpr explicit operator bool() const { return ok_; }
    constexpr T const& value() const {
        if (!ok_) __builtin_trap();
        return value_;
    }
    constexpr T& value() {
        if (!ok_) __builtin_trap();
        return value_;
    }
    constexpr E const& error() const {
        if (ok_) __builtin_trap();
        return error_;
    }

private:
    union {
        T value_;
        E error_;
    };
    bool ok_;
};

template <class T>
using Maybe = Result<T, Nothing>;

}  // namespace vdsokit::kit
