// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/publication.h"

#include <charconv>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "abi/conversion.h"
#include "kit/time/timekeeper.h"
#include "tool/vdsokit/failure.h"

namespace vdsokit::tool {
namespace {

using Values = std::map<std::string, std::string>;

constexpr char const* keys[] = {"counter",  "frequency",  "realtime",   "monotonic",
                                "boottime", "tai-offset", "resolution", "coarse-resolution"};

[[noreturn]] void fail(std::string const& what) {
    throw Failure{status_usage, "--publish: " + what};
}

bool is_key(std::string const& name) {
    for (char const* key : keys)
        if (name == key) return true;
    return false;
}

Values split(std::string const& text) {
    Values values;
    std::istringstream items(text);
    std::string item;
    while (std::getline(items, item, ',')) {
        auto const equals = item.find('=');
        if (equals == std::string::npos) fail(fmt::format("'{}' is not KEY=VALUE", item));
        std::string const key = item.substr(0, equals);
        if (!is_key(key))
            fail(fmt::format("no key '{}'; there are {}", key, fmt::join(keys, ", ")));
        if (!values.emplace(key, item.substr(equals + 1)).second)
            fail(fmt::format("'{}' is given twice", key));
    }
    return values;
}

std::optional<u64> number(Values const& values, std::string const& key) {
    auto const found = values.find(key);
    if (found == values.end()) return std::nullopt;
    std::string const& text = found->second;
    u64 value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        fail(fmt::format("'{}={}' is not a number from 0 to 2^64 - 1", key, text));
    return value;
}

u64 required(Values const& values, std::string const& key) {
    auto const value = number(values, key);
    if (!value) fail(fmt::format("'{}' is missing", key));
    return *value;
}

CounterKind counter_kind(Values const& values) {
    auto const found = values.find("counter");
    if (found == values.end()) fail("'counter' is missing");
    if (found->second == "virtual") return CounterKind::virtual_count;
    if (found->second == "physical") return CounterKind::physical_count;
    fail(fmt::format("'counter={}' is neither virtual nor physical", found->second));
}

kit::Timespec timespec_of(u64 nanoseconds) {
    return {static_cast<i64>(nanoseconds / abi::nanoseconds_per_second),
            static_cast<u32>(nanoseconds % abi::nanoseconds_per_second)};
}

char const* reason(kit::TimeError error) {
    switch (error) {
    case kit::TimeError::frequency_out_of_range: return "frequency: not 1 Hz to 18 GHz";
    case kit::TimeError::counter_wraps_too_soon: return "frequency: the counter wraps too soon";
    case kit::TimeError::time_out_of_range: return "a time is later than Linux can represent";
    case kit::TimeError::before_system_start:
        return "realtime: less than boottime, so the system would have started before 1970";
    case kit::TimeError::tai_offset_out_of_range: return "tai-offset: not 0 to 100000 s";
    case kit::TimeError::not_started:
    case kit::TimeError::already_started:
    case kit::TimeError::counter_bits_out_of_range:
    case kit::TimeError::no_such_counter:
    case kit::TimeError::nanoseconds_out_of_range:
    case kit::TimeError::tick_out_of_range:
    case kit::TimeError::rate_out_of_range:
    case kit::TimeError::offset_out_of_range:
    case kit::TimeError::timezone_out_of_range:
    case kit::TimeError::unknown_clock: break;
    }
    return "the Timekeeper refuses these values";
}

template <class T>
void expect(kit::Result<T, kit::TimeError> const& result) {
    if (!result) fail(reason(result.error()));
}

u32 nanoseconds_below_second(u64 value, char const* key) {
    if (value >= abi::nanoseconds_per_second) fail(fmt::format("{}: not below 10^9 ns", key));
    return static_cast<u32>(value);
}

}  // namespace

Publication parse_publication(std::string const& text) {
    Values const values = split(text);
    return {.counter = counter_kind(values),
            .frequency = required(values, "frequency"),
            .realtime = required(values, "realtime"),
            .monotonic = required(values, "monotonic"),
            .boottime = number(values, "boottime"),
            .tai_offset = number(values, "tai-offset").value_or(0),
            .resolution = number(values, "resolution"),
            .coarse_resolution = number(values, "coarse-resolution")};
}

// The tool is built for arch/fake, whose counter stands still at 0.
abi::TimePage published_page(Publication const& publication, kit::CounterFacts const& counter) {
    u64 const boottime = publication.boottime.value_or(publication.monotonic);
    if (boottime < publication.monotonic) fail("boottime: less than monotonic");
    u64 const asleep = boottime - publication.monotonic;
    if (publication.realtime < boottime) fail(reason(kit::TimeError::before_system_start));
    if (publication.tai_offset > static_cast<u64>(kit::tai_offset_limit))
        fail(reason(kit::TimeError::tai_offset_out_of_range));

    abi::TimePage page = abi::unpublished_page();
    kit::Timekeeper timekeeper;
    timekeeper.attach(page);
    // Realtime gains what boottime gains.
    expect(timekeeper.start({.clocksource = {.frequency = publication.frequency,
                                             .counter_bits = counter.bits,
                                             .kind = publication.counter},
                             .realtime = timespec_of(publication.realtime - asleep),
                             .monotonic = timespec_of(publication.monotonic)}));
    if (asleep != 0) expect(timekeeper.add_suspend({asleep}));
    expect(timekeeper.set_tai_offset(static_cast<i32>(publication.tai_offset)));
    if (publication.resolution)
        page.header.resolution = nanoseconds_below_second(*publication.resolution, "resolution");
    if (publication.coarse_resolution)
        page.header.coarse_resolution =
            nanoseconds_below_second(*publication.coarse_resolution, "coarse-resolution");
    return page;
}

}  // namespace vdsokit::tool
