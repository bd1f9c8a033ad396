// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/base.h"

#include "cpu.h"

namespace vdsokit::kit {

Result<VirtualAddress, MapError> choose_base(BaseRange range, u64 size, u64 alignment,
                                             u64 entropy) {
    bool const is_power_of_two = alignment != 0 && (alignment & (alignment - 1)) == 0;
    if (!is_power_of_two || size == 0) return MapError::out_of_range;
    if (range.size > ~u64{0} - range.first.value) return MapError::out_of_range;
    u64 const end = range.first.value + range.size;
    if (range.first.value > ~u64{0} - (alignment - 1)) return MapError::out_of_range;
    u64 const first = align_up(range.first.value, alignment);
    if (first > end || size > end - first) return MapError::out_of_range;
    u64 const places = (end - first - size) / alignment + 1;
    // The high half of a product spreads 64 random bits over the places without a division's bias
    // towards the first of them.
    u64 const place = arch::multiply_wide(entropy, places).high;
    return VirtualAddress{first + place * alignment};
}

}  // namespace vdsokit::kit
