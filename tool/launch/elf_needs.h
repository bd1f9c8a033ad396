// SPDX-License-Identifier: BSD-2-Clause
// What a program or library asks for besides itself: its interpreter and the libraries it names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/types.h"

namespace vdsokit::launch {

struct ElfNeeds {
    u16 machine;
    std::string interpreter;             // empty: static, or a library
    std::vector<std::string> libraries;  // DT_NEEDED, in order
};

// nullopt: not a little-endian ELF file. A file that is damaged further in needs nothing:
// the guest is the one to refuse it, and says why.
std::optional<ElfNeeds> read_elf_needs(std::string_view file);

}  // namespace vdsokit::launch
