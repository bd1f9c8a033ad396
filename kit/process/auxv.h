// SPDX-License-Identifier: BSD-2-Clause
// The auxiliary vector: what a kernel tells libc about the process that it made. A list in the
// order in which entries were added; the stack adds the terminator. [Linux uapi/linux/auxvec.h,
// fs/binfmt_elf.c create_elf_tables()]
#pragma once

#include "kit/core/fixed_vector.h"

namespace vdsokit::kit {

// Open: a host may add entries that have no name here.
enum class Aux : u64 {
    null = 0,
    phdr = 3,   // where the program's headers are
    phent = 4,  // size of one
    phnum = 5,  // how many
    pagesz = 6,
    base = 7,  // load bias of the program interpreter; 0: none
    flags = 8,
    entry = 9,  // of the program, not of its interpreter
    uid = 11,
    euid = 12,
    gid = 13,
    egid = 14,
    platform = 15,  // string: "aarch64"
    hwcap = 16,
    clktck = 17,  // unit of times(): 100
    secure = 23,  // set-id: libc must not trust the environment
    random = 25,  // 16 random bytes
    hwcap2 = 26,
    execfn = 31,        // string: the path given to execve
    sysinfo_ehdr = 33,  // the vDSO's ELF header
    minsigstksz = 51,   // the smallest stack on which a signal can be delivered
};

struct AuxEntry {
    Aux type;
    u64 value;
    friend constexpr bool operator==(AuxEntry, AuxEntry) = default;
};

class Auxv {
public:
    // With the terminator. Linux's own vectors have about 20 entries.
    static constexpr u64 capacity = 40;

    // False: full.
    [[nodiscard]] constexpr bool add(Aux type, u64 value) { return entries_.push({type, value}); }
    // Changes an entry that was added; false: there is none.
    constexpr bool set(Aux type, u64 value) {
        for (AuxEntry& entry : entries_) {
            if (entry.type != type) continue;
            entry.value = value;
            return true;
        }
        return false;
    }
    // nullptr: not added.
    constexpr u64 const* find(Aux type) const {
        for (AuxEntry const& entry : entries_)
            if (entry.type == type) return &entry.value;
        return nullptr;
    }
    constexpr u64 size() const { return entries_.size(); }
    constexpr AuxEntry const& operator[](u64 at) const { return entries_[at]; }

private:
    FixedVector<AuxEntry, capacity - 1> entries_;
};

}  // namespace vdsokit::kit
