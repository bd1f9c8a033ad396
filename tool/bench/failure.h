// SPDX-License-Identifier: BSD-2-Clause
// Why the measurement stops. Thrown where the fault is found, caught in main() alone.
#pragma once

#include <string>

namespace vdsokit::bench {

inline constexpr int status_failed = 1;  // it cannot be measured here, or a file not be written
inline constexpr int status_usage = 2;   // the command line

struct Failure {
    int status;
    std::string text;  // what, where, and what to do about it
};

}  // namespace vdsokit::bench
