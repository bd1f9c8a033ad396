// SPDX-License-Identifier: BSD-2-Clause
// Why the tool stops. Thrown where the fault is found, caught in main() alone.
#pragma once

#include <string>

namespace vdsokit::tool {

inline constexpr int status_refused = 1;  // an image breaks a rule
inline constexpr int status_usage = 2;    // the command line, or a file that cannot be used

struct Failure {
    int status;
    std::string text;  // what, where, and what to do about it
};

}  // namespace vdsokit::tool
