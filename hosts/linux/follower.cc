// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/follower.h"

#include <algorithm>

#include "linux_counter.h"

namespace vdsokit::on_linux {

namespace {

// A reading is uncertain by some 20 ns: over this long, 0.5 ppm of the frequency.
constexpr i64 shortest_span = 40'000'000;

i64 nanoseconds_between(abi::Instant from, abi::Instant to) {
    return kit::nearest_nanoseconds(kit::difference(kit::precise(to), kit::precise(from))).value;
}

}  // namespace

i64 Follower::look() {
    std::rotate(readings_.begin(), readings_.begin() + 1, readings_.end());
    readings_.back() = read_closely(clock_);
    count_ = std::min(count_ + 1, readings_.size());
    if (!has_line_) return 0;
    KernelReading const& latest = readings_.back();
    return nanoseconds_between(line_.at(latest.middle()), latest.says);
}

bool Follower::is_ready() const {
    return count_ > 1 && nanoseconds_between(readings_[readings_.size() - count_].says,
                                             readings_.back().says) >= shortest_span;
}

kit::Scale Follower::scale() const {
    KernelReading const& first = readings_[readings_.size() - count_];
    KernelReading const& last = readings_.back();
    u64 const cycles = last.middle().value - first.middle().value;
    u64 const span = static_cast<u64>(nanoseconds_between(first.says, last.says));
    Wide const scaled = arch::multiply_wide(cycles, abi::nanoseconds_per_second);
    u64 const frequency = kit::long_divide(scaled, 0, span).low;
    auto const scale = kit::Scale::of({frequency, arch::counter_bits});
    // A counter beyond what the arithmetic takes: refused by Scale, and no machine has it.
    return scale ? scale.value()
                 : kit::Scale::of({abi::nanoseconds_per_second, arch::counter_bits}).value();
}

void Follower::begin() {
    KernelReading const now = read_once(clock_);
    kit::Scale const measured = scale();
    // The kernel's clock was read before `after`: by then it can say no more than this.
    u64 const width = now.after.value - now.before.value;
    u64 const most = width * abi::nanoseconds_per_second / measured.frequency + 1;
    abi::Instant const ahead =
        kit::sum(now.says, kit::instant_of(kit::timespec_of(kit::Nanoseconds{most})));
    line_.start(measured, now.after, kit::sum(ahead, offset_));
    has_line_ = true;
}

void Follower::steer(i64 behind) {
    Cycles const now = arch::read_counter(CounterKind::virtual_count);
    line_.move(now, scale(), now);
    line_.slew(now, {behind});
}

void Follower::end() {
    set_offset_from(line_.line());
    has_line_ = false;
}

void Follower::end_of(abi::LineValues const& line) {
    set_offset_from(line);
    has_line_ = false;
}

// Later readings of the chained line add what the kernel's clock gains from here on.
void Follower::set_offset_from(abi::LineValues const& line) {
    KernelReading const now = read_once(clock_);
    offset_ = kit::difference(abi::instant_at(line, now.after), now.says);
}

}  // namespace vdsokit::on_linux
