// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/status.h"

#include "hosts/personality/files/limits.h"
#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality {

namespace {

StatTime stat_time(kit::Timespec time) { return {time.seconds, time.nanoseconds}; }
StatxTime statx_time(kit::Timespec time) { return {time.seconds, time.nanoseconds, 0}; }

constexpr u32 major_of(u64 device) { return static_cast<u32>(device >> 8) & 0xfff; }
constexpr u32 minor_of(u64 device) {
    return static_cast<u32>((device & 0xff) | ((device >> 12) & 0xffff'ff00));
}
static_assert(major_of(device_of(5, 1)) == 5 && minor_of(device_of(1, 0x12345)) == 0x12345);

}  // namespace

Stat stat_of(Node const& node) {
    Stat stat{};
    stat.device = device_of(0, node.file_system().device);
    stat.inode = node.inode();
    stat.mode = node.mode;
    stat.links = node.links;
    stat.user = node.user;
    stat.group = node.group;
    stat.device_number = node.device_number();
    stat.size = static_cast<i64>(node.size());
    stat.block_size = page_size;
    stat.blocks = static_cast<i64>(node.blocks());
    stat.access = stat_time(node.times.access);
    stat.modification = stat_time(node.times.modification);
    stat.change = stat_time(node.times.change);
    return stat;
}

Statx statx_of(Node const& node) {
    constexpr u32 basic_stats = 0x7ff;
    Statx statx{};
    statx.mask = basic_stats;
    statx.block_size = page_size;
    statx.links = node.links;
    statx.user = node.user;
    statx.group = node.group;
    statx.mode = static_cast<u16>(node.mode);
    statx.inode = node.inode();
    statx.size = node.size();
    statx.blocks = node.blocks();
    statx.access = statx_time(node.times.access);
    statx.change = statx_time(node.times.change);
    statx.modification = statx_time(node.times.modification);
    statx.number_major = major_of(node.device_number());
    statx.number_minor = minor_of(node.device_number());
    statx.device_minor = node.file_system().device;
    return statx;
}

Statfs statfs_of(FileSystem const& file_system) {
    constexpr u64 read_only = 1;
    constexpr u64 valid = 0x20;
    host::FrameCount const count = host::frame_count();
    Statfs statfs{};
    statfs.type = file_system.magic;
    statfs.block_size = statfs.fragment_size = page_size;
    if (!file_system.read_only) {
        statfs.blocks = count.total;
        statfs.free = statfs.available = count.free;
    }
    statfs.files = file_system.next_inode;
    statfs.id[0] = static_cast<i32>(file_system.device);
    statfs.name_size = longest_name;
    statfs.flags = valid | (file_system.read_only ? read_only : 0);
    return statfs;
}

}  // namespace vdsokit::personality
