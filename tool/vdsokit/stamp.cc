// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/stamp.h"

#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "abi/time_page.h"
#include "kit/image/image_view.h"
#include "tool/vdsokit/check.h"
#include "tool/vdsokit/failure.h"

namespace vdsokit::tool {
namespace {

// Since boot, whichever way it is counted: what a counter alone can tell.
constexpr abi::ClockId direct_clocks[] = {abi::ClockId::monotonic, abi::ClockId::monotonic_raw,
                                          abi::ClockId::monotonic_coarse, abi::ClockId::boottime};

void expect_valid(Source const& image) {
    Report const report = check(image.bytes());
    if (!report.is_ok())
        throw Failure{status_refused,
                      fmt::format("{}: nothing written: the image breaks a rule: {}: {} (offset "
                                  "{:#x}); `vdsokit check {}` lists all",
                                  image.name, report.failed.front().rule->name,
                                  report.failed.front().rule->reason,
                                  report.failed.front().at.value, image.name)};
    if (report.left_out != 0)
        throw Failure{status_refused,
                      fmt::format("{}: nothing written: the image has no vdsokit note, so its time "
                                  "page and trap sites are not known",
                                  image.name)};
}

abi::TimePage direct_page(CounterKind counter) {
    abi::TimePage page = abi::unpublished_page();
    for (abi::ClockId const clock : direct_clocks) {
        switch (counter) {
        case CounterKind::virtual_count:
            page.clocks[static_cast<u32>(clock)].state = abi::state_of(abi::ClockMode::direct);
            break;
        case CounterKind::physical_count:
            page.clocks[static_cast<u32>(clock)].state =
                abi::state_of(abi::ClockMode::direct_physical);
            break;
        }
    }
    // As Linux says with high-resolution timers; the coarse clock is as fine as the others here.
    page.header.resolution = 1;
    page.header.coarse_resolution = 1;
    return page;
}

u32 parse_trap(std::string const& text, kit::TrapInstruction const& trap) {
    if (text == "brk") return trap.breakpoint;
    bool const is_hex = text.starts_with("0x") || text.starts_with("0X");
    char const* const first = text.data() + (is_hex ? 2 : 0);
    char const* const last = text.data() + text.size();
    u32 value = 0;
    auto const [end, error] = std::from_chars(first, last, value, is_hex ? 16 : 10);
    if (error != std::errc{} || end != last)
        throw Failure{status_usage,
                      fmt::format("--trap: '{}' is neither a 32-bit number nor brk", text)};
    if (u64{value} >> (8 * trap.size) != 0)
        throw Failure{status_usage, fmt::format("--trap: {:#x} does not fit the {} bytes of this "
                                                "machine's trap instruction",
                                                value, trap.size)};
    return value;
}

void replace_traps(std::vector<u8>& content, kit::ImageView const& image, u32 value) {
    for (u64 index = 0; index < image.note.value().trap_count(); ++index)
        for (u32 byte = 0; byte < image.facts->trap.size; ++byte)
            content[image.note.value().trap(index) + byte] = static_cast<u8>(value >> (8 * byte));
}

}  // namespace

std::vector<u8> stamp(Source const& image, StampOptions const& options) {
    expect_valid(image);
    kit::ImageView const view{image.bytes()};
    std::vector<u8> content = image.content;
    std::optional<abi::TimePage> page;
    if (options.direct) {
        if (!view.facts->counter.states_frequency)
            throw Failure{status_usage,
                          fmt::format("--counter: a process on {} cannot ask for the counter's "
                                      "frequency; use --publish",
                                      view.facts->name)};
        page = direct_page(*options.direct);
    }
    if (options.publish) page = published_page(*options.publish, view.facts->counter);
    if (page)
        std::memcpy(content.data() + view.note.value().header().time_page_offset, &*page,
                    sizeof(*page));
    if (options.trap) replace_traps(content, view, parse_trap(*options.trap, view.facts->trap));
    expect_valid({image.name + " as stamped", content});
    return content;
}

}  // namespace vdsokit::tool
