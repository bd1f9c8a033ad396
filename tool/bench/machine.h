// SPDX-License-Identifier: BSD-2-Clause
// What was measured on: the names that a reader of the numbers needs.
#pragma once

#include <string>

namespace vdsokit::bench {

struct Machine {
    std::string cpu;     // as /proc/cpuinfo names it; the architecture where it does not
    std::string kernel;  // name and release
    std::string architecture;
    std::string clocksource;  // the kernel's own; empty: it does not say
};

Machine this_machine();

}  // namespace vdsokit::bench
