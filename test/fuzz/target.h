// SPDX-License-Identifier: BSD-2-Clause
// A fuzz target: code that takes bytes from somebody who is not trusted. It is run by libFuzzer
// (fuzzer_main.cc) and, on the bytes in its corpus, by a program of any compiler (replay_main.cc).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kit/core/bytes.h"

namespace vdsokit::fuzz {

// Takes any bytes and returns. Ends the process by require() when a promise is broken, as the
// sanitizers do when memory is.
using Run = void (*)(kit::Bytes input);

// Changes what is in `data`, at most to `capacity` bytes; returns how many there are now.
using Mutate = std::size_t (*)(u8* data, std::size_t size, std::size_t capacity, u32 seed);

class Target {
public:
    // `name` is the folder with the target's code and corpus. One object for each, alive for ever.
    Target(char const* name, Run target, Mutate mutator = nullptr);
    Target(Target const&) = delete;
    Target& operator=(Target const&) = delete;

    char const* name() const { return name_; }
    void run(kit::Bytes input) const { run_(input); }
    // nullptr: libFuzzer's own ways will do.
    Mutate mutate() const { return mutate_; }

    static std::vector<Target const*> const& all();
    // nullptr: there is none of that name.
    static Target const* find(std::string_view name);

private:
    char const* name_;
    Run run_;
    Mutate mutate_;
};

void require(bool holds, std::string const& promise);

inline std::string_view text_of(kit::Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}
inline kit::Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<u8 const*>(text.data()), text.size()};
}

// Takes numbers off the front of an input that has such; 0 when it is used up.
class Knobs {
public:
    explicit Knobs(kit::Bytes input) : rest_(input) {}
    u8 byte() {
        if (rest_.size() == 0) return 0;
        u8 const value = rest_[0];
        rest_ = rest_.part(1, rest_.size() - 1);
        return value;
    }
    u32 half() { return byte() | u32{byte()} << 8; }
    kit::Bytes rest() const { return rest_; }
    bool is_empty() const { return rest_.size() == 0; }

private:
    kit::Bytes rest_;
};

}  // namespace vdsokit::fuzz
