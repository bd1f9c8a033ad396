// SPDX-License-Identifier: BSD-2-Clause
// The flags of open(2) as aarch64 numbers them [asm-generic/fcntl.h with the overrides of
// arch/arm64/include/uapi/asm/fcntl.h].
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

struct OpenFlags {
    static constexpr u32 access_mask = 3;
    static constexpr u32 read_only = 0;
    static constexpr u32 write_only = 1;
    static constexpr u32 read_write = 2;
    static constexpr u32 create = 0100;
    static constexpr u32 exclusive = 0200;
    static constexpr u32 no_terminal = 0400;
    static constexpr u32 truncate = 01000;
    static constexpr u32 append = 02000;
    static constexpr u32 non_blocking = 04000;
    static constexpr u32 directory = 040000;
    static constexpr u32 no_follow = 0100000;
    static constexpr u32 direct = 0200000;
    static constexpr u32 large_file = 0400000;
    static constexpr u32 close_on_exec = 02000000;
    static constexpr u32 path_only = 010000000;
    static constexpr u32 temporary = 020000000 | directory;

    u32 bits = 0;

    constexpr bool has(u32 flag) const { return (bits & flag) == flag; }
    constexpr bool may_read() const {
        u32 const access = bits & access_mask;
        return !has(path_only) && (access == read_only || access == read_write);
    }
    constexpr bool may_write() const {
        u32 const access = bits & access_mask;
        return !has(path_only) && (access == write_only || access == read_write);
    }
};

}  // namespace vdsokit::personality
