// SPDX-License-Identifier: BSD-2-Clause
// What a program writes to /proc/<id>/timens_offsets.
#include <string>

#include "hosts/personality/process/offset_lines.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

bool is_whole(kit::Timespec offset) {
    constexpr i64 most = 1'000'000'000'000'000'000;  // eighteen digits
    return offset.nanoseconds < 1'000'000'000 && offset.seconds < most && offset.seconds > -most;
}

bool are_equal(kit::Timespec a, kit::Timespec b) {
    return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

std::string line(char const* clock, kit::Timespec offset) {
    return std::string(clock) + " " + std::to_string(offset.seconds) + " " +
           std::to_string(offset.nanoseconds) + "\n";
}

void run(kit::Bytes input) {
    kit::NamespaceOffsets offsets{};
    u64 const taken = personality::parse_time_offsets(input, offsets);
    require(taken <= input.size(), "no more is taken than there is");
    if (taken == 0) return;
    require(is_whole(offsets.monotonic) && is_whole(offsets.boottime), "an offset is a time");
    require(taken == input.size() || input[taken - 1] == '\n', "whole lines are taken");

    std::string const again = line("monotonic", offsets.monotonic) + line("7", offsets.boottime);
    kit::NamespaceOffsets second{};
    require(personality::parse_time_offsets(bytes_of(again), second) == again.size(),
            "what was understood can be written");
    require(are_equal(second.monotonic, offsets.monotonic) &&
                are_equal(second.boottime, offsets.boottime),
            "and means the same");
}

Target const target{"time_offsets", run};

}  // namespace
}  // namespace vdsokit::fuzz
