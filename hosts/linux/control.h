// SPDX-License-Identifier: BSD-2-Clause
// How `vdsokit set` reaches a supervisor: one SOCK_SEQPACKET socket for each tree, in a directory
// of the user's own, named after the inode of the tree's file, which /proc/PID/maps shows for every
// process that has it.
#pragma once

#include <string>

#include "abi/conversion.h"
#include "arch/types.h"
#include "hosts/linux/failure.h"

namespace vdsokit::on_linux {

// $XDG_RUNTIME_DIR/vdsokit, or /tmp/vdsokit-UID where that is unset.
std::string control_directory();
std::string control_path(u64 tree);

enum class ControlVerb : u32 { set_offset = 1 };

struct ControlRequest {
    u32 version;  // control_version
    ControlVerb verb;
    i64 seconds;      // of the offset
    u32 nanoseconds;  // < 10^9
    u32 reserved;     // 0
};
static_assert(sizeof(ControlRequest) == 24);

struct ControlReply {
    u32 version;
    i32 error;  // 0, or an errno
};
static_assert(sizeof(ControlReply) == 8);

inline constexpr u32 control_version = 1;

// Whether what came, `size` bytes by the socket's count, is a request as this version makes it.
inline bool is_valid(ControlRequest const& request, i64 size) {
    return size == sizeof request && request.version == control_version &&
           request.verb == ControlVerb::set_offset &&
           request.nanoseconds < abi::nanoseconds_per_second && request.reserved == 0;
}

}  // namespace vdsokit::on_linux
