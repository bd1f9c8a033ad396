// SPDX-License-Identifier: BSD-2-Clause
// Points in time and spans as users write them.
#include "tool/run/when.h"

#include <cstdlib>
#include <ctime>

#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

using tool::WhenFault;

void look_at(std::variant<kit::Timespec, WhenFault> const& parsed, std::string_view text) {
    if (auto const* const fault = std::get_if<WhenFault>(&parsed)) {
        require(fault->reason.starts_with("'" + std::string(text) + "': "),
                "a fault begins with what was refused");
        return;
    }
    kit::Timespec const time = std::get<kit::Timespec>(parsed);
    require(time.nanoseconds < 1'000'000'000, "nanoseconds are below a second");
    auto const twice = tool::difference(time, {0, 0});
    require(twice && *twice == time, "less nothing is the same");
}

void run(kit::Bytes input) {
    // What is local does not depend on where the test runs.
    static bool const is_set = [] {
        setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
        tzset();
        return true;
    }();
    static_cast<void>(is_set);
    std::string_view const text = text_of(input);
    look_at(tool::parse_time(text), text);
    look_at(tool::parse_span(text), text);
}

Target const target{"when", run};

}  // namespace
}  // namespace vdsokit::fuzz
