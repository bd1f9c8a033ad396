// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/machine.h"

#include <sys/utsname.h>

#include <fstream>

namespace vdsokit::bench {

namespace {

// "model name : AMD EPYC". Absent on many CPUs of other architectures.
std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("model name", 0) != 0) continue;
        auto const colon = line.find(": ");
        if (colon != std::string::npos) return line.substr(colon + 2);
    }
    return "";
}

}  // namespace

Machine this_machine() {
    utsname names{};
    uname(&names);
    Machine machine{cpu_name(), std::string(names.sysname) + " " + names.release, names.machine,
                    ""};
    if (machine.cpu.empty()) machine.cpu = machine.architecture;
    std::ifstream source("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    std::getline(source, machine.clocksource);
    return machine;
}

}  // namespace vdsokit::bench
