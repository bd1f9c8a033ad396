// SPDX-License-Identifier: BSD-2-Clause
// The other end: finds the trees of this user and asks their supervisors.
#pragma once

#include <sys/types.h>

#include <functional>
#include <vector>

#include "hosts/linux/control.h"
#include "hosts/linux/shared_clock.h"

namespace vdsokit::on_linux {

// The inodes of the files of all trees of this user.
std::vector<u64> running_trees();
// The one that `process` belongs to; 0: none, or it may not be looked at (errno says which).
u64 tree_of(pid_t process);

Failure request_offset(u64 tree, WallOffset offset);

}  // namespace vdsokit::on_linux
