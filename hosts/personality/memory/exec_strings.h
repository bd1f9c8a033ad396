// SPDX-License-Identifier: BSD-2-Clause
// The argument and environment strings of an exec, wherever they are: in the memory of the process
// that calls execve, in a file of the host's (process 1), and in front those that a script adds.
#pragma once

#include "hosts/personality/memory/memory.h"
#include "kit/core/bytes.h"
#include "kit/core/fixed_vector.h"

namespace vdsokit::personality {

// An array of strings: of pointers in a process, or strings one after the other in the host.
class StringArray {
public:
    // None.
    StringArray() = default;
    // Each string ends with a NUL; what follows the last NUL is no string.
    explicit StringArray(kit::Bytes strings);
    // A NULL-terminated array in a process; address 0: none. Counts at most `limit` strings; false:
    // unreadable. `count()` is limit + 1 when there are more.
    [[nodiscard]] bool open(Memory& memory, VirtualAddress array, u64 limit);

    u64 count() const { return count_; }
    // As kit::StackStrings.
    u64 size(u64 index, u64 limit) const;
    bool copy(u64 index, u64 offset, u8* to, u64 size) const;

private:
    // Where it begins: an address in memory_, or an offset into host_. False: unreadable.
    bool find(u64 index, u64& at) const;

    Memory* memory_ = nullptr;
    u64 array_ = 0;
    kit::Bytes host_;
    u64 count_ = 0;
};

class ExecStrings {
public:
    // A script's interpreter, its argument and the script's own path; each level adds two in front.
    static constexpr u64 prefix_capacity = 16;

    ExecStrings(StringArray const& arguments, StringArray const& environment)
        : arguments_(arguments), environment_(environment) {}

    // The first argument becomes `text`, which outlives this. False: too many.
    [[nodiscard]] bool replace_first(char const* text);
    [[nodiscard]] bool push_front(char const* text) { return prefix_.push(text); }

    u64 arguments() const;
    u64 environment() const { return environment_.count(); }
    u64 size(u64 index, u64 limit) const;
    bool copy(u64 index, u64 offset, u8* to, u64 size) const;

private:
    // The string is prefix_[at], or string `at` of the array.
    struct Place {
        char const* text;
        StringArray const* array;
        u64 at;
    };
    Place place_of(u64 index) const;

    StringArray const& arguments_;
    StringArray const& environment_;
    kit::FixedVector<char const*, prefix_capacity> prefix_;  // the last one comes first
    u64 skipped_ = 0;
};

}  // namespace vdsokit::personality
