// SPDX-License-Identifier: BSD-2-Clause
// The regions of one process, in the order of their addresses, never overlapping.
#pragma once

#include "hosts/personality/memory/region.h"

namespace vdsokit::personality {

class Regions {
public:
    Regions() = default;
    Regions(Regions const&) = delete;
    Regions& operator=(Regions const&) = delete;
    ~Regions() { clear(); }

    // The region that holds `address`; nullptr: none.
    Region* find(u64 address);
    // The first region that ends above `address`; nullptr: none.
    Region* first_above(u64 address);
    Region* after(Region& region) { return list_.after(region); }
    Region* first() { return list_.front(); }
    u64 count() const { return count_; }

    bool is_free(u64 start, u64 size);
    // Every address of the range is in some region.
    bool covers(u64 start, u64 size);
    // The highest free place for `size` bytes that ends at or below `top`; 0: none.
    u64 choose(u64 top, u64 size);

    // False: out of memory or too many regions; nothing has changed. Precondition: is_free().
    [[nodiscard]] bool insert(RegionFacts const& facts);
    // Makes region borders at both ends. False as above; a border made stays, which changes nothing
    // that a process can see.
    [[nodiscard]] bool split(u64 start, u64 end);
    void remove(Region& region);
    // Makes one region of neighbours that nothing tells apart, from the one before `start` to the
    // one behind `end`.
    void join(u64 start, u64 end);
    void clear();

private:
    bool split_at(u64 address);

    List<Region, RegionOrder> list_;
    Region* recent_ = nullptr;  // found last; most searches are for the same region again
    u64 count_ = 0;
};

}  // namespace vdsokit::personality
