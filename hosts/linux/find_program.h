// SPDX-License-Identifier: BSD-2-Clause
// Where a shell would find a program. [POSIX.1-2017, XCU 2.9.1.1]
#pragma once

#include <string>

namespace vdsokit::on_linux {

inline constexpr int status_not_executable = 126;
inline constexpr int status_not_found = 127;

struct FoundProgram {
    std::string path;
    int status;  // 0, or what a shell would exit with
    std::string reason;
};

// A name with a slash is a path; another is looked for along PATH.
FoundProgram find_program(std::string const& name);

}  // namespace vdsokit::on_linux
