// SPDX-License-Identifier: BSD-2-Clause
// Which ELF files are code for this CPU: e_machine and the class in e_ident.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

inline constexpr u16 elf_machine = 40;
inline constexpr u8 elf_class = 1;

}  // namespace vdsokit::arch
