// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/region.h"

#include "hosts/personality/files/file.h"
#include "hosts/personality/memory/shared_pages.h"
#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<Region> regions;
}

bool RegionFacts::continues_in(RegionFacts const& next) const {
    if (end != next.start || access != next.access || backing != next.backing ||
        name != next.name || on_fork != next.on_fork || is_shared != next.is_shared ||
        may_write != next.may_write || may_execute != next.may_execute ||
        is_droppable != next.is_droppable || file != next.file || pages != next.pages)
        return false;
    switch (backing) {
    case Backing::zero: return true;
    case Backing::file:
    case Backing::shared: return offset_of(end) == next.offset;
    case Backing::fixed: return false;
    }
    return false;
}

Region* make_region(RegionFacts const& facts) {
    Region* const region = regions.make(facts);
    if (region == nullptr) return nullptr;
    if (region->file != nullptr) region->file->retain();
    if (region->pages != nullptr) region->pages->retain();
    return region;
}

void drop_region(Region* region) {
    if (region->file != nullptr) region->file->release();
    if (region->pages != nullptr) region->pages->release();
    regions.free(region);
}

}  // namespace vdsokit::personality
