// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/regions.h"

namespace vdsokit::personality {

Region* Regions::find(u64 address) {
    if (recent_ != nullptr && recent_->holds(address)) return recent_;
    Region* const region = first_above(address);
    if (region == nullptr || !region->holds(address)) return nullptr;
    recent_ = region;
    return region;
}

Region* Regions::first_above(u64 address) {
    for (Region& region : list_)
        if (region.end > address) return &region;
    return nullptr;
}

bool Regions::is_free(u64 start, u64 size) {
    Region const* const region = first_above(start);
    return region == nullptr || region->start >= start + size;
}

bool Regions::covers(u64 start, u64 size) {
    u64 const end = start + size;
    for (Region* region = first_above(start); start < end; region = list_.after(*region)) {
        if (region == nullptr || region->start > start) return false;
        start = region->end;
    }
    return true;
}

u64 Regions::choose(u64 top, u64 size) {
    for (Region* region = list_.back(); region != nullptr; region = list_.before(*region)) {
        if (region->start >= top) continue;
        if (region->end <= top && top - region->end >= size) return top - size;
        top = region->start;
    }
    return top >= lowest_address && top - lowest_address >= size ? top - size : 0;
}

bool Regions::insert(RegionFacts const& facts) {
    if (count_ == region_limit) return false;
    Region* const region = make_region(facts);
    if (region == nullptr) return false;
    Region* const next = first_above(facts.start);
    if (next == nullptr) {
        list_.push_back(*region);
    } else {
        list_.insert_before_item(*next, *region);
    }
    count_ += 1;
    return true;
}

bool Regions::split(u64 start, u64 end) { return split_at(start) && split_at(end); }

bool Regions::split_at(u64 address) {
    Region* const region = find(address);
    if (region == nullptr || region->start == address) return true;
    RegionFacts upper = *region;
    upper.start = address;
    upper.offset = region->offset_of(address);
    // Shortened first: the upper part must find its place free.
    u64 const end = region->end;
    region->end = address;
    if (insert(upper)) return true;
    region->end = end;
    return false;
}

void Regions::remove(Region& region) {
    if (recent_ == &region) recent_ = nullptr;
    region.unlink();
    drop_region(&region);
    count_ -= 1;
}

void Regions::join(u64 start, u64 end) {
    Region* region = first_above(start == 0 ? 0 : start - 1);
    while (region != nullptr && region->start <= end) {
        Region* const next = list_.after(*region);
        if (next != nullptr && region->continues_in(*next)) {
            region->end = next->end;
            remove(*next);
        } else {
            region = next;
        }
    }
}

void Regions::clear() {
    while (Region* const region = list_.front()) remove(*region);
}

}  // namespace vdsokit::personality
