// SPDX-License-Identifier: BSD-2-Clause
// The untypeds that the kernel gave at boot, each used up from its start. The kernel clears all of
// one at its first use, so the smallest that does is taken: a big one costs a second at once.
#pragma once

#include "arch/types.h"
#include "kit/core/fixed_vector.h"
#include "kit/core/memory.h"

namespace vdsokit::sel4 {

struct BootUntyped {
    u32 slot;
    u32 size_bits;
    u64 physical;
    u64 used = 0;  // bytes from its start

    u64 size() const { return u64{1} << size_bits; }
    // Room for `count` objects of 2^bits bytes, each at a multiple of its size.
    bool has_room(u64 count, u32 bits) const {
        u64 const from = kit::align_up(used, u64{1} << bits);
        return from <= size() && count <= (size() - from) >> bits;
    }
    void use(u64 count, u32 bits) { used = kit::align_up(used, u64{1} << bits) + (count << bits); }
};

class BootMemory {
public:
    static constexpr u64 capacity = 256;

    [[nodiscard]] bool add(BootUntyped const& untyped) { return untypeds_.push(untyped); }
    // nullptr: none has the room.
    BootUntyped* smallest_with_room(u64 count, u32 bits) {
        BootUntyped* best = nullptr;
        for (u64 at = 0; at < untypeds_.size(); ++at) {
            BootUntyped& each = untypeds_[at];
            if (!each.has_room(count, bits)) continue;
            if (best == nullptr || each.size_bits < best->size_bits) best = &each;
        }
        return best;
    }
    // nullptr: `physical` lies in none.
    BootUntyped* holding(u64 physical) {
        for (u64 at = 0; at < untypeds_.size(); ++at) {
            BootUntyped& each = untypeds_[at];
            if (physical >= each.physical && physical - each.physical < each.size()) return &each;
        }
        return nullptr;
    }
    u64 bytes_left() const {
        u64 sum = 0;
        for (BootUntyped const& each : untypeds_) sum += each.size() - each.used;
        return sum;
    }

private:
    kit::FixedVector<BootUntyped, capacity> untypeds_;
};

}  // namespace vdsokit::sel4
