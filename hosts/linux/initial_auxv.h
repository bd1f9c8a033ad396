// SPDX-License-Identifier: BSD-2-Clause
// The auxiliary vector on the stack of a process that has not run yet. [System V ABI, 3.4.1;
// Linux fs/binfmt_elf.c create_elf_tables]
//
// Process: bool read(u64 address, void* to, u64 size) const; false: not all of it is there.
// ProcessMemory is one.
#pragma once

#include <elf.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "arch/types.h"

namespace vdsokit::on_linux {

struct AuxEntry {
    u64 type;
    u64 value;
};

struct InitialAuxv {
    u64 address = 0;                // of the first entry, in the process
    std::vector<AuxEntry> entries;  // with the closing AT_NULL
    u64 first_argument = 0;         // argv[0] and envp[0]; 0: there is none
    u64 first_variable = 0;

    // Of the first entry of that type; 0: there is none.
    u64 value(u64 type) const;
    // The value of AT_SYSINFO_EHDR; 0: there is none.
    u64 vdso() const;
    // Where that value stands in the process; 0: nowhere.
    u64 vdso_value_at() const;
};

namespace auxv_words {

inline constexpr u64 entries_max = 256;             // the kernel's own vector has about 25
inline constexpr u64 pointers_max = 6u << 20 >> 3;  // argv and envp: at most 6 MiB of pointers

// Reads words one buffer at a time.
template <class Process>
class Words {
public:
    Words(Process const& process, u64 address) : process_(process), next_(address) {}

    u64 address() const { return next_ - (buffer_.size() - at_) * sizeof(u64); }

    std::optional<u64> take() {
        if (at_ == buffer_.size() && !fill()) return std::nullopt;
        return buffer_[at_++];
    }

private:
    // Up to a page's end, so that a stack that ends there is read to its end.
    bool fill() {
        u64 const bytes = 4096 - next_ % 4096;
        buffer_.resize(bytes / sizeof(u64));
        at_ = 0;
        if (process_.read(next_, buffer_.data(), bytes)) {
            next_ += bytes;
            return true;
        }
        buffer_.clear();
        return false;
    }

    Process const& process_;
    u64 next_;
    std::vector<u64> buffer_;
    std::size_t at_ = 0;
};

// The first of a list that 0 ends, which is skipped whole.
template <class Process>
std::optional<u64> first_of_pointers(Words<Process>& words) {
    u64 first = 0;
    for (u64 count = 0; count < pointers_max; ++count) {
        auto const word = words.take();
        if (!word) return std::nullopt;
        if (*word == 0) return first;
        if (count == 0) first = *word;
    }
    return std::nullopt;
}

}  // namespace auxv_words

// nullopt: the stack does not look as an exec leaves it.
template <class Process>
std::optional<InitialAuxv> read_initial_auxv(Process const& process, u64 stack_pointer) {
    if (stack_pointer % 16 != 0) return std::nullopt;
    auxv_words::Words<Process> words(process, stack_pointer);
    auto const count = words.take();
    if (!count || *count > auxv_words::pointers_max) return std::nullopt;
    auto const argument = auxv_words::first_of_pointers(words);
    auto const variable = argument ? auxv_words::first_of_pointers(words) : std::nullopt;
    if (!variable) return std::nullopt;
    InitialAuxv auxv{words.address(), {}, *argument, *variable};
    while (auxv.entries.size() < auxv_words::entries_max) {
        auto const type = words.take();
        auto const value = words.take();
        if (!type || !value) return std::nullopt;
        auxv.entries.push_back({*type, *value});
        if (*type == AT_NULL) return auxv;
    }
    return std::nullopt;
}

}  // namespace vdsokit::on_linux
