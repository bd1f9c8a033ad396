// SPDX-License-Identifier: BSD-2-Clause
// Time pages that no Timekeeper writes.
#include "test/kit/image/mutations.h"

namespace vdsokit::test {
namespace {

BrokenImage const rows[] = {
    {"time-page-header", "aarch64", [](TestImage& i) { i.put(i.time_page_at(), u64{0}); },
     time_page<0>, "no time page"},
    {"time-page-header", "aarch64",
     [](TestImage& i) {
         i.edit_time_page([](auto& page) { page.header.resolution = 1'000'000'000; });
     },
     time_page<0>, "clock_getres would answer 10^9 ns"},
    {"time-page-header", "aarch64",
     [](TestImage& i) { i.edit_time_page([](auto& page) { page.header.timezone_is_set = 2; }); },
     time_page<0>, "neither yes nor no"},
    {"time-page-header", "arm",
     [](TestImage& i) { i.edit_time_page([](auto& page) { page.header.line_count = 13; }); },
     time_page<0>, "a line too many"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::tai, [](auto& line) { ++line.state; }); },
     clock<abi::ClockId::tai>, "locked: readers would spin before each system call"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::tai, [](auto& line) { line.state += 12; }); },
     clock<abi::ClockId::tai>, "mode 7 has no meaning"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) {
         edit_line(i, abi::ClockId::tai,
                   [](auto& line) { line.state = abi::state_of(abi::ClockMode::chained); });
     },
     clock<abi::ClockId::tai>, "a file cannot know where another vDSO will be"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.sequence = 1; }); },
     clock<abi::ClockId::realtime>, "an odd count for good"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.shift = 64; }); },
     clock<abi::ClockId::realtime>, "a shift past the word"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.mult = 0; }); },
     clock<abi::ClockId::realtime>, "a clock that stands still"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.shift = 34; }); },
     clock<abi::ClockId::realtime>, "slower than 1 Hz"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) {
         edit_line(i, abi::ClockId::boottime, [](auto& line) { line.base_seconds = -1; });
     },
     clock<abi::ClockId::boottime>, "before the beginning"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) {
         edit_line(i, abi::ClockId::boottime, [](auto& line) { line.reserved1[1] = 1; });
     },
     clock<abi::ClockId::boottime>, "something hidden"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::thread_cputime, [](auto&) {}); },
     clock<abi::ClockId::thread_cputime>, "a clock that no page can know"},
    {"time-page-rest", "aarch64", [](TestImage& i) { i.put(0x1fff, u8{1}); }, offset<0x1fff>,
     "something behind the clocks"},
};

}  // namespace

std::span<BrokenImage const> broken_time_page() { return rows; }

}  // namespace vdsokit::test
