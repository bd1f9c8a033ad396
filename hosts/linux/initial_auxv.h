// SPDX-License-Identifier: BSD-2-Clause
// The auxiliary vector on the stack of a process that has not run yet. [System V ABI, 3.4.1;
// Linux fs/binfmt_elf.c create_elf_tables]
#pragma once

#include <optional>
#include <vector>

#include "hosts/linux/tracee.h"

namespace vdsokit::on_linux {

struct AuxEntry {
    u64 type;
    u64 value;
};

struct InitialAuxv {
    u64 address = 0;                // of the first entry, in the process
    std::vector<AuxEntry> entries;  // with the closing AT_NULL

    // Of the first entry of that type; 0: there is none.
    u64 value(u64 type) const;
    // The value of AT_SYSINFO_EHDR; 0: there is none.
    u64 vdso() const;
    // Where that value stands in the process; 0: nowhere.
    u64 vdso_value_at() const;
};

// nullopt: the stack does not look as an exec leaves it.
std::optional<InitialAuxv> read_initial_auxv(Tracee const& tracee, u64 stack_pointer);

}  // namespace vdsokit::on_linux
