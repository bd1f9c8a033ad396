// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/counter_source.h"

#include <fstream>

#include "linux_counter.h"

namespace vdsokit::on_linux {

namespace {

// [Linux Documentation/ABI/testing/sysfs-devices-system-clocksource... current_clocksource]
constexpr char const* current_clocksource =
    "/sys/devices/system/clocksource/clocksource0/current_clocksource";

}  // namespace

Failure counter_refusal() {
    if (!arch::counter_is_steady()) return Failure::because(arch::unsteady_counter);
    std::string source;
    if (!(std::ifstream(current_clocksource) >> source))
        return Failure::because(std::string(current_clocksource) + ": cannot be read");
    if (source != arch::counter_clocksource)
        return Failure::because("the kernel keeps time with " + source + ", not with " +
                                arch::counter_clocksource);
    return Failure::none();
}

}  // namespace vdsokit::on_linux
