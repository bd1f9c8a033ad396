// SPDX-License-Identifier: BSD-2-Clause
// The structures in which Linux tells about files and file systems, as 64-bit CPUs with the generic
// system calls have them [include/uapi/asm-generic/stat.h, statfs.h; include/uapi/linux/stat.h].
#pragma once

#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

struct StatTime {
    i64 seconds;
    u64 nanoseconds;
};

struct Stat {
    u64 device;
    u64 inode;
    u32 mode;
    u32 links;
    u32 user;
    u32 group;
    u64 device_number;
    u64 padding1;
    i64 size;
    i32 block_size;
    i32 padding2;
    i64 blocks;
    StatTime access;
    StatTime modification;
    StatTime change;
    u32 unused[2];
};
static_assert(sizeof(Stat) == 128 && offsetof(Stat, access) == 72);

struct StatxTime {
    i64 seconds;
    u32 nanoseconds;
    i32 padding;
};

struct Statx {
    u32 mask;
    u32 block_size;
    u64 attributes;
    u32 links;
    u32 user;
    u32 group;
    u16 mode;
    u16 padding;
    u64 inode;
    u64 size;
    u64 blocks;
    u64 attributes_mask;
    StatxTime access;
    StatxTime birth;
    StatxTime change;
    StatxTime modification;
    u32 number_major;
    u32 number_minor;
    u32 device_major;
    u32 device_minor;
    u64 spare[14];
};
static_assert(sizeof(Statx) == 256 && offsetof(Statx, number_major) == 0x80);

struct Statfs {
    u64 type;
    u64 block_size;
    u64 blocks;
    u64 free;
    u64 available;
    u64 files;
    u64 files_free;
    i32 id[2];
    u64 name_size;
    u64 fragment_size;
    u64 flags;
    u64 spare[4];
};
static_assert(sizeof(Statfs) == 120);

Stat stat_of(Node const& node);
Statx statx_of(Node const& node);
Statfs statfs_of(FileSystem const& file_system);

}  // namespace vdsokit::personality
