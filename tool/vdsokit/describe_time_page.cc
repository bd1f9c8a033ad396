// SPDX-License-Identifier: BSD-2-Clause
#include "cpu.h"

#include "abi/conversion.h"
#include "tool/vdsokit/describe.h"
#include "tool/vdsokit/names.h"

namespace vdsokit::tool {
namespace {

// In Hz, to the nearest; 0 where no counter could have it. mult = 2^96 / (frequency << shift).
u64 frequency_of(abi::ClockLine const& line) {
    __extension__ using u128 = unsigned __int128;
    if (line.mult == 0 || line.shift > 63) return 0;
    u128 const shifted = (u128{1} << 96) / line.mult;
    u128 const half = (u128{1} << line.shift) >> 1;
    u128 const frequency = (shifted + half) >> line.shift;
    return frequency > ~u64{0} ? 0 : static_cast<u64>(frequency);
}

Json describe_line(abi::ClockLine const& line, u64 clock) {
    Json shown{{"clock", clock},
               {"name", clock_name(clock)},
               {"state", line.state},
               {"is_ours", abi::is_line_state(line.state)},
               {"locked", (line.state & abi::state_locked) != 0},
               {"mode", clock_mode_name(abi::mode_of(line.state))},
               {"sequence", line.sequence},
               {"cycle_last", line.cycle_last},
               {"base_seconds", line.base_seconds},
               {"base_nanoseconds", abi::units_of(line.base_fraction, abi::nanoseconds_per_second)},
               {"base_fraction", line.base_fraction},
               {"mult", line.mult},
               {"shift", line.shift}};
    switch (abi::mode_of(line.state)) {
    case abi::ClockMode::counter:
    case abi::ClockMode::physical_counter: shown["frequency"] = frequency_of(line); break;
    case abi::ClockMode::none:
    case abi::ClockMode::held:
    case abi::ClockMode::direct:
    case abi::ClockMode::direct_physical:
    case abi::ClockMode::chained: break;
    }
    return shown;
}

// What only a host that runs has to say; in a file it is not published.
Json describe_random(abi::RandomLine const& line) {
    Json shown{{"state", line.state}, {"mode", random_mode_name(line.state)}};
    if (line.state != abi::random_state_of(abi::RandomMode::generation)) return shown;
    shown["generation"] = line.generation;
    shown["is_ready"] = line.is_ready != 0;
    shown["map_protection"] = line.map_protection;
    shown["map_flags"] = line.map_flags;
    shown["page_size"] = line.page_size;
    return shown;
}

}  // namespace

Json describe_time_page(kit::Bytes file, u64 offset) {
    auto const page = file.read<abi::TimePage>(offset);
    abi::TimePageHeader const& header = page.header;
    Json clocks = Json::array();
    for (u64 clock = 0; clock < abi::clock_lines; ++clock)
        clocks.push_back(describe_line(page.clocks[clock], clock));
    return {{"offset", offset},
            {"is_ours", header.magic == abi::page_magic},
            {"version", header.version},
            {"line_count", header.line_count},
            {"resolution", header.resolution},
            {"coarse_resolution", header.coarse_resolution},
            {"timezone_is_set", header.timezone_is_set != 0},
            {"timezone_minutes_west", header.timezone_minutes_west},
            {"timezone_dst", header.timezone_dst},
            {"clocks", clocks},
            {"random", describe_random(page.random)}};
}

}  // namespace vdsokit::tool
