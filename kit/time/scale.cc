// SPDX-License-Identifier: BSD-2-Clause
#include "kit/time/scale.h"

#include <bit>

#include "abi/conversion.h"
#include "kit/time/long_division.h"

namespace vdsokit::kit {

namespace {

// 2^32 and a little: 2^96 divided by it leaves a mult of 64 bits room to grow by 1000 ppm, which a
// corrected frequency and an offset slew reach together.
constexpr u64 least_scaled_second = (u64{1} << 32) + (u64{1} << 23);

u32 normalising_shift(u64 frequency) {
    u32 shift = 0;
    while ((frequency << shift) < least_scaled_second) ++shift;
    return shift;
}

}  // namespace

Result<Scale, TimeError> Scale::of(Clocksource const& source) {
    if (source.frequency == 0 || source.frequency > highest_frequency)
        return TimeError::frequency_out_of_range;
    if (source.counter_bits == 0 || source.counter_bits > 64)
        return TimeError::counter_bits_out_of_range;
    // With the counter's top bit at the top of a word, two seconds must still fit.
    u32 const frequency_bits = static_cast<u32>(std::bit_width(source.frequency - 1));
    if (frequency_bits + 1 > source.counter_bits) return TimeError::counter_wraps_too_soon;

    u32 const for_width = 64 - source.counter_bits;
    u32 const normal = normalising_shift(source.frequency);
    Scale scale{
        .frequency = source.frequency, .mult = 0, .shift = for_width > normal ? for_width : normal};
    scale.mult = scale.rate({0}).high;
    return scale;
}

Wide Scale::rate(PartsPerBillion by) const {
    u64 const parts = static_cast<u64>(i64{abi::nanoseconds_per_second} + by.value);
    return long_divide({0, parts}, 160 - shift, abi::nanoseconds_per_second * frequency);
}

}  // namespace vdsokit::kit
