// SPDX-License-Identifier: BSD-2-Clause
// The time page as it lies in a file: unpublished, or published by `vdsokit stamp`. Code in the
// process trusts these fields, so a file may only hold what a Timekeeper could have written.
#include "cpu.h"

#include "abi/conversion.h"
#include "kit/core/memory.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit::check {
namespace {

constexpr i64 seconds_max = 9'223'372'036;  // Linux's KTIME_SEC_MAX
constexpr i32 timezone_minutes_max = 15 * 60;

// The time page lies in the file, where the note says.
bool is_readable(ImageView const& image) {
    if (!image.note || !image.note.value().is_complete()) return false;
    u64 const at = image.note.value().header().time_page_offset;
    return image.elf.file().holds(at, image.note.value().header().page_size) &&
           image.note.value().header().page_size >= sizeof(abi::TimePage);
}

u64 page_at(ImageView const& image) { return image.note.value().header().time_page_offset; }

// A frequency of 1 Hz to 32 GHz: 2^96 / frequency = mult << shift.
bool is_plausible_rate(abi::ClockLine const& line) {
    if (line.shift > 63) return false;
    Wide const product = arch::multiply_wide(line.mult, u64{1} << line.shift);
    u64 const one_hertz = u64{1} << 32;
    bool const is_slow =
        product.high > one_hertz || (product.high == one_hertz && product.low != 0);
    bool const is_fast = product.high == 0 && product.low < u64{1} << 61;
    return !is_slow && !is_fast;
}

bool may_be_published(u64 clock) {
    return abi::in_group(static_cast<u32>(clock), abi::high_resolution_clocks | abi::coarse_clocks);
}

bool is_right(abi::ClockLine const& line, u64 clock) {
    if (!abi::is_line_state(line.state) || (line.state & abi::state_locked) != 0) return false;
    if ((line.sequence & 1) != 0) return false;
    if (line.reserved0 != 0 || line.reserved1[0] != 0 || line.reserved1[1] != 0) return false;
    if (line.base_seconds < 0 || line.base_seconds > seconds_max || line.shift > 63) return false;
    switch (abi::mode_of(line.state)) {
    case abi::ClockMode::none: return true;
    case abi::ClockMode::counter:
    case abi::ClockMode::physical_counter:
        return may_be_published(clock) && is_plausible_rate(line);
    case abi::ClockMode::held:
    case abi::ClockMode::direct:
    case abi::ClockMode::direct_physical: return may_be_published(clock);
    case abi::ClockMode::chained: return false;  // only a host knows what it is chained to
    }
    return false;  // a number without a name
}

}  // namespace

Finding time_page_header(ImageView const& image) {
    if (!is_readable(image)) return Finding::unreached();
    auto const header = image.elf.file().read<abi::TimePageHeader>(page_at(image));
    bool reserved_is_zero = true;
    for (u32 const word : header.reserved0) reserved_is_zero = reserved_is_zero && word == 0;
    bool const is_right = header.magic == abi::page_magic && header.version == abi::page_version &&
                          header.line_count == abi::clock_lines &&
                          header.resolution < abi::nanoseconds_per_second &&
                          header.coarse_resolution < abi::nanoseconds_per_second &&
                          header.timezone_minutes_west >= -timezone_minutes_max &&
                          header.timezone_minutes_west <= timezone_minutes_max &&
                          header.timezone_is_set <= 1 && reserved_is_zero;
    return is_right ? Finding::holds() : Finding::fails(page_at(image));
}

Finding time_page_lines(ImageView const& image) {
    if (!is_readable(image)) return Finding::unreached();
    for (u64 clock = 0; clock < abi::clock_lines; ++clock) {
        u64 const at =
            page_at(image) + offsetof(abi::TimePage, clocks) + clock * sizeof(abi::ClockLine);
        if (!is_right(image.elf.file().read<abi::ClockLine>(at), clock)) return Finding::fails(at);
    }
    return Finding::holds();
}

Finding time_page_rest(ImageView const& image) {
    if (!is_readable(image)) return Finding::unreached();
    u64 const end = page_at(image) + image.note.value().header().page_size;
    for (u64 at = page_at(image) + offsetof(abi::TimePage, random); at < end; ++at)
        if (image.elf.file()[at] != 0) return Finding::fails(at);
    return Finding::holds();
}

}  // namespace vdsokit::kit::check
