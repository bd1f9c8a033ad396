// SPDX-License-Identifier: BSD-2-Clause
// Writes flattened device trees for the tests of their reader, sound ones and unsound ones.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arch/types.h"
#include "kit/core/bytes.h"

namespace vdsokit::test {

class TreeBuilder {
public:
    TreeBuilder& begin(std::string_view name) {
        word(structure_, 1);
        text(structure_, name);
        pad(structure_);
        return *this;
    }
    TreeBuilder& end() { return token(2); }
    TreeBuilder& token(u32 value) {
        word(structure_, value);
        return *this;
    }
    TreeBuilder& property(std::string_view name, std::vector<u8> const& value) {
        word(structure_, 3);
        word(structure_, static_cast<u32>(value.size()));
        word(structure_, static_cast<u32>(strings_.size()));
        text(strings_, name);
        structure_.insert(structure_.end(), value.begin(), value.end());
        pad(structure_);
        return *this;
    }
    TreeBuilder& words(std::string_view name, std::vector<u32> const& values) {
        std::vector<u8> bytes;
        for (u32 const value : values) word(bytes, value);
        return property(name, bytes);
    }
    TreeBuilder& strings(std::string_view name, std::vector<std::string> const& values) {
        std::vector<u8> bytes;
        for (std::string const& value : values) text(bytes, value);
        return property(name, bytes);
    }
    TreeBuilder& reserve(u64 base, u64 size) {
        reservations_.emplace_back(base, size);
        return *this;
    }

    // The whole tree; the structure's end token is the caller's to write.
    std::vector<u8> build() const {
        std::vector<u8> rest;
        for (auto const& [base, size] : reservations_) {
            pair(rest, base);
            pair(rest, size);
        }
        pair(rest, 0);
        pair(rest, 0);
        u32 const reservations_at = 40;
        u32 const structure_at = reservations_at + static_cast<u32>(rest.size());
        u32 const strings_at = structure_at + static_cast<u32>(structure_.size());
        std::vector<u8> out;
        word(out, 0xd00dfeed);
        word(out, strings_at + static_cast<u32>(strings_.size()));
        word(out, structure_at);
        word(out, strings_at);
        word(out, reservations_at);
        word(out, 17);
        word(out, 16);
        word(out, 0);
        word(out, static_cast<u32>(strings_.size()));
        word(out, static_cast<u32>(structure_.size()));
        out.insert(out.end(), rest.begin(), rest.end());
        out.insert(out.end(), structure_.begin(), structure_.end());
        out.insert(out.end(), strings_.begin(), strings_.end());
        return out;
    }

    static void word(std::vector<u8>& to, u32 value) {
        for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<u8>(value >> shift));
    }

private:
    static void pair(std::vector<u8>& to, u64 value) {
        word(to, static_cast<u32>(value >> 32));
        word(to, static_cast<u32>(value));
    }
    static void text(std::vector<u8>& to, std::string_view value) {
        to.insert(to.end(), value.begin(), value.end());
        to.push_back(0);
    }
    static void pad(std::vector<u8>& to) {
        while (to.size() % 4 != 0) to.push_back(0);
    }

    std::vector<u8> structure_;
    std::vector<u8> strings_;
    std::vector<std::pair<u64, u64>> reservations_;
};

inline kit::Bytes as_bytes(std::vector<u8> const& bytes) { return {bytes.data(), bytes.size()}; }
inline void put_word(std::vector<u8>& bytes, u64 at, u32 value) {
    for (u64 byte = 0; byte < 4; ++byte)
        bytes[at + byte] = static_cast<u8>(value >> (24 - 8 * byte));
}

}  // namespace vdsokit::test
