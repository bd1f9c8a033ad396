// SPDX-License-Identifier: BSD-2-Clause
// What a vDSO has to be on each CPU: one row per machine and class, never a branch. Read by the
// image rules and the tool. The image's own machine picks the row, so any build reads any image.
// Names, nodes and sonames are Linux's [linker scripts under arch/*/kernel/vdso].
#pragma once

#include "arch/types.h"

namespace vdsokit::kit {

// The instruction that enters the kernel, as a little-endian number of `size` bytes.
struct TrapInstruction {
    u32 value;
    u32 size;  // 0: vdsokit makes no image for this machine
    u32 alignment;
    u32 mask;        // bits that tell it from every other instruction; 0: not of fixed width
    u32 breakpoint;  // what `vdsokit stamp --trap brk` puts there instead
};

// Which hash tables a vdsokit image carries.
enum class HashTables : u8 {
    both,         // DT_HASH and DT_GNU_HASH
    sysv_single,  // DT_HASH with one bucket: Go looks up a wrong hash on aarch64, one bucket serves
};

// What `vdsokit stamp` has to know of the counter that processes read.
struct CounterFacts {
    u32 bits;               // that can be relied on
    bool states_frequency;  // a process can ask the CPU for it, so a clock needs no base
};

struct MachineFacts {
    static constexpr u64 exports_max = 12;

    char const* name;
    u16 elf_machine;
    u8 elf_class;
    u32 forbidden_flags;  // bits of e_flags
    u32 cleared_flags;    // those of them that a linker sets and the code does not need
    char const* soname;
    char const* version;    // the node that exports belong to
    char const* sigreturn;  // without it signals break in some libc; nullptr: no libc needs it
    char const* sigreturn_version;
    char const* paired[2];             // both or neither; nullptr: no such pair
    char const* exports[exports_max];  // what a vdsokit image exports at least; nullptr ends
    HashTables hash;
    bool has_eh_frame;  // false: call frame information breaks unwinding from a handler
    TrapInstruction trap;
    CounterFacts counter;
};

// nullptr: no row for this machine in this class.
MachineFacts const* find_machine(u16 elf_machine, u8 elf_class);

}  // namespace vdsokit::kit
