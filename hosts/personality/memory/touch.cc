// SPDX-License-Identifier: BSD-2-Clause
// Pages: how they come when touched, and how they are copied when written.
#include "hosts/personality/files/file.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/shared_pages.h"

namespace vdsokit::personality {

namespace {

CodeSource source_of(Region const& region) {
    bool const changes =
        region.backing == Backing::file ? region.file->may_change() : region.is_shared;
    return changes ? CodeSource::changing : CodeSource::settled;
}

}  // namespace

TouchResult Memory::touch(VirtualAddress address, Touch touch) {
    if (address.value >= process_end) return TouchResult::not_mapped;
    Region const* const region = regions_.find(address.value);
    if (region == nullptr) return TouchResult::not_mapped;
    if (!allows(region->access, touch)) return TouchResult::not_allowed;
    u64 const page = kit::align_down(address.value, page_size);
    auto const mapped = space_.lookup({page});
    if (mapped.frame == host::no_frame) return bring(*region, page, touch);
    if (allows(mapped.access, touch)) return TouchResult::present;
    return make_writable(*region, page, mapped.frame);
}

// Takes over one user of the frame.
TouchResult Memory::map_own(u64 page, host::Frame frame, Access access, CodeSource source) {
    if (access == Access::read_execute) frame = make_code(frame, source);
    if (frame == host::no_frame) return TouchResult::out_of_memory;
    if (space_.map({page}, frame, access)) return TouchResult::present;
    host::release_frame(frame);
    return TouchResult::out_of_memory;
}

TouchResult Memory::bring(Region const& region, u64 page, Touch touch) {
    u64 const index = region.offset_of(page) / page_size;
    host::Frame frame = host::no_frame;
    switch (region.backing) {
    case Backing::zero:
        frame = new_frame();
        if (frame == host::no_frame) return TouchResult::out_of_memory;
        return map_own(page, frame, region.access, CodeSource::settled);
    case Backing::file: {
        bool past_end = false;
        frame = region.file->page(index, past_end);
        if (past_end) return TouchResult::past_end;
        break;
    }
    case Backing::shared:
        // Reachable by mremap, which may make the region longer than the memory that it shows.
        if (index >= region.pages->count()) return TouchResult::past_end;
        frame = region.pages->page(index);
        break;
    case Backing::fixed: return TouchResult::not_mapped;
    }
    if (frame == host::no_frame) return TouchResult::out_of_memory;
    if (region.is_shared || region.access != Access::read_write)
        return map_own(page, frame, region.access, source_of(region));
    // Private and writable: the page cache's own frame may be read, a write needs a copy.
    TouchResult const result = map_own(page, frame, Access::read, CodeSource::settled);
    if (result != TouchResult::present || touch != Touch::write) return result;
    return make_writable(region, page, frame);
}

TouchResult Memory::make_writable(Region const& region, u64 page, host::Frame frame) {
    if (region.is_shared || host::frame_users(frame) == 1) {
        space_.protect({page}, region.access);
        return TouchResult::present;
    }
    host::Frame const own = new_frame();
    if (own == host::no_frame) return TouchResult::out_of_memory;
    __builtin_memcpy(host::frame_bytes(own), host::frame_bytes(frame), page_size);
    return map_own(page, own, region.access, CodeSource::settled);
}

}  // namespace vdsokit::personality
