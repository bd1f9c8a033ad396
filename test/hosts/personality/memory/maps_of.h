// SPDX-License-Identifier: BSD-2-Clause
// A memory's regions as the lines of /proc/PID/maps.
#pragma once

#include <string>

#include "hosts/personality/memory/describe.h"
#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

inline std::string maps_of(Memory& memory) {
    u8 bytes[4096];
    Text text(bytes, sizeof(bytes));
    for (Region const* region = memory.region_above(0); region != nullptr;
         region = memory.region_above(region->end))
        describe(*region, text);
    return {reinterpret_cast<char const*>(bytes), text.stored()};
}

}  // namespace vdsokit::personality
