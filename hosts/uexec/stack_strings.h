// SPDX-License-Identifier: BSD-2-Clause
// Arguments and environment as kit::InitialStack reads them, and this process's own stack as it
// writes them: nothing here is hostile, and nothing can fail.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "hosts/uexec/pointer.h"
#include "kit/process/initial_stack.h"

namespace vdsokit::uexec {

class OwnStrings {
public:
    OwnStrings(std::vector<std::string> const& arguments, char const* const* environment)
        : arguments_(arguments.size()) {
        for (std::string const& argument : arguments) strings_.push_back(argument.c_str());
        for (; *environment != nullptr; ++environment) strings_.push_back(*environment);
    }

    u64 arguments() const { return arguments_; }
    u64 environment() const { return strings_.size() - arguments_; }
    u64 size(u64 index, u64) const { return std::strlen(string(index)) + 1; }
    bool copy(u64 index, u64 offset, u8* to, u64 size) const {
        std::memcpy(to, string(index) + offset, static_cast<std::size_t>(size));
        return true;
    }

private:
    char const* string(u64 index) const { return strings_[static_cast<std::size_t>(index)]; }

    std::size_t arguments_;
    std::vector<char const*> strings_;
};
static_assert(kit::StackStrings<OwnStrings>);

struct OwnStack {
    bool write(kit::VirtualAddress at, u8 const* bytes, u64 size) {
        std::memcpy(pointer_to(at.value), bytes, static_cast<std::size_t>(size));
        return true;
    }
};
static_assert(kit::StackSink<OwnStack>);

}  // namespace vdsokit::uexec
