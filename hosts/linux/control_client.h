// SPDX-License-Identifier: BSD-2-Clause
// The other end: finds the trees of this user and asks their supervisors.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <vector>

#include "hosts/linux/control.h"
#include "hosts/linux/shared_clock.h"

namespace vdsokit::on_linux {

// The inodes of the files of all trees of this user.
std::vector<u64> running_trees();
// The one that `process` belongs to; 0: none, or it may not be looked at (errno says which).
u64 tree_of(pid_t process);

// How long its supervisor may take in all, to accept us, to read and to answer.
inline constexpr std::chrono::seconds patience{5};

// Ends within `patience`. After a failure the clock is as it was, and stays so: a supervisor does
// not do what was asked by somebody who has left.
Failure request_offset(u64 tree, WallOffset offset);

}  // namespace vdsokit::on_linux
