// SPDX-License-Identifier: BSD-2-Clause
// PROT_* as a process writes it, as an access right.
#pragma once

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

// [include/uapi/asm-generic/mman-common.h]
namespace protection_flag {
inline constexpr u64 read = 1, write = 2, execute = 4, atomics = 8;
// PROT_GROWSDOWN, PROT_GROWSUP: nothing grows here, so "all of it" is what was named.
inline constexpr u64 grows = 0x0300'0000;
}  // namespace protection_flag

// EACCES for write with execute: a page is never both. EINVAL for what the CPU does not have
// (PROT_BTI, PROT_MTE) or nobody knows.
constexpr Attempt<Access> access_of(u64 protection) {
    using namespace protection_flag;
    if ((protection & ~(read | write | execute | atomics)) != 0) return Errno::inval;
    bool const writes = (protection & write) != 0;
    bool const executes = (protection & execute) != 0;
    if (writes && executes) return Errno::access;
    if (writes) return Access::read_write;
    if (executes) return Access::read_execute;
    return (protection & read) != 0 ? Access::read : Access::none;
}

}  // namespace vdsokit::personality
