// SPDX-License-Identifier: BSD-2-Clause
// A run of characters inside untrusted bytes: a name of a symbol, a version, a note. No NUL inside,
// and none is promised behind it.
#pragma once

#include "arch/types.h"

namespace vdsokit::kit {

class Text {
public:
    constexpr Text() = default;
    constexpr Text(char const* data, u64 size) : data_(data), size_(size) {}
    // A literal, up to its NUL.
    constexpr Text(char const* literal) : data_(literal), size_(0) {
        while (literal[size_] != 0) ++size_;
    }

    constexpr char const* data() const { return data_; }
    constexpr u64 size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }

    friend constexpr bool operator==(Text a, Text b) {
        if (a.size_ != b.size_) return false;
        for (u64 at = 0; at < a.size_; ++at)
            if (a.data_[at] != b.data_[at]) return false;
        return true;
    }

private:
    char const* data_ = nullptr;
    u64 size_ = 0;
};

}  // namespace vdsokit::kit
