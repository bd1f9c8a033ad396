// SPDX-License-Identifier: BSD-2-Clause
// What is newer than some headers. [Linux include/uapi/linux/seccomp.h]
#pragma once

#include <sys/ioctl.h>

#include "arch/types.h"

namespace vdsokit::on_linux {

// Since Linux 5.19: once we have taken a notification, only a fatal signal ends the wait, so that
// PTRACE_INTERRUPT does not start the call over.
inline constexpr unsigned long wait_killable = 1UL << 5;

inline constexpr unsigned long set_flags = _IOW('!', 4, u64);  // since 6.6
inline constexpr u64 sync_wake_up = 1;

inline constexpr u32 addfd_send = 1U << 1;  // since 5.14

}  // namespace vdsokit::on_linux
