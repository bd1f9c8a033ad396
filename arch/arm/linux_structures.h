// SPDX-License-Identifier: BSD-2-Clause
// Structures that Linux lays out otherwise on 32-bit arm than on any other 32-bit CPU.
// [arch/arm/include/uapi/asm/stat.h, include/uapi/asm-generic/statfs.h]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch::arm {

struct Stat64 {
    u64 device;
    u32 padding0;
    u32 inode_low;
    u32 mode;
    u32 links;
    u32 user;
    u32 group;
    u64 device_number;
    u32 padding1[2];
    i64 size;
    u32 block_size;
    u32 padding2;
    u64 blocks;
    u32 times[6];  // access, modification, change: seconds, nanoseconds
    u64 inode;
};
static_assert(sizeof(Stat64) == 104 && offsetof(Stat64, size) == 48);

// 84 bytes, though it has 64-bit fields: here as words.
struct Statfs64 {
    u32 type;
    u32 block_size;
    u32 counts[5][2];  // blocks, free, available, files, free files: low, high
    i32 id[2];
    u32 name_size;
    u32 fragment_size;
    u32 flags;
    u32 spare[4];
};
static_assert(sizeof(Statfs64) == 84);

}  // namespace vdsokit::arch::arm
