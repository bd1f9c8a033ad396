// SPDX-License-Identifier: BSD-2-Clause
// A file of a process or thread. [proc(5)]
#pragma once

#include <sys/types.h>

#include <string>

namespace vdsokit::on_linux {

inline std::string proc_path(pid_t process, char const* file) {
    return "/proc/" + std::to_string(process) + "/" + file;
}

}  // namespace vdsokit::on_linux
