// SPDX-License-Identifier: BSD-2-Clause
// mmap, munmap, mprotect and brk, on whole regions.
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/shared_pages.h"

namespace vdsokit::personality {

namespace {

// Linux's heuristic overcommit: memory comes when touched, but what can never come is refused.
bool is_hopeless(u64 size) { return size / page_size > host::frame_count().total; }

}  // namespace

// A region of fixed frames goes whole or stays: half a vDSO helps nobody. As Linux's may_split.
bool Memory::breaks_fixed(u64 start, u64 end) {
    for (u64 const edge : {start, end}) {
        Region const* const region = regions_.find(edge);
        if (region != nullptr && region->backing == Backing::fixed && region->start != edge)
            return true;
    }
    return false;
}

bool Memory::is_gap_free(u64 start, u64 size) {
    if (start < lowest_address || !is_own_range(start, size)) return false;
    u64 const gap_start = places_.stack_start < stack_gap ? 0 : places_.stack_start - stack_gap;
    bool const near_stack = start < places_.stack_end && start + size > gap_start;
    return !near_stack && regions_.is_free(start, size);
}

u64 Memory::choose(u64 wish, u64 size) {
    if (wish != 0 && is_gap_free(wish, size)) return wish;
    return regions_.choose(mapping_top_, size);
}

Attempt<VirtualAddress> Memory::map(MapRequest const& request) {
    u64 size = 0;
    if (!whole_pages(request.size, size) || size == 0) return Errno::nomem;
    bool const anonymous = request.file == nullptr;
    bool const takes_memory = anonymous
                                  ? request.is_shared || request.access == Access::read_write
                                  : !request.is_shared && request.access == Access::read_write;
    if (takes_memory && !request.may_exceed_memory && is_hopeless(size)) return Errno::nomem;

    u64 start = 0;
    if (request.placement == Placement::anywhere) {
        start = choose(kit::align_down(request.address, page_size), size);
        if (start == 0) return Errno::nomem;
    } else {
        start = request.address;
        if (!is_page(start)) return Errno::inval;
        if (!is_own_range(start, size)) return Errno::nomem;
        if (start < lowest_address) return Errno::perm;
        if (!regions_.is_free(start, size)) {
            if (request.placement == Placement::fixed_if_free) return Errno::exist;
            auto const freed = unmap(start, size);
            if (!freed) return freed.error();
        }
    }

    RegionFacts facts{.start = start, .end = start + size, .access = request.access};
    facts.name = request.name;
    facts.is_shared = request.is_shared;
    facts.may_write = request.may_write;
    facts.is_droppable = request.is_droppable;
    if (request.is_droppable) facts.on_fork = ForkRule::wipe;
    if (!anonymous) {
        facts.backing = Backing::file;
        facts.file = request.file;
        facts.offset = request.offset;
    } else if (request.is_shared) {
        facts.backing = Backing::shared;
        facts.pages = SharedPages::create(size / page_size);
        if (facts.pages == nullptr) return Errno::nomem;
    }
    bool const inserted = regions_.insert(facts);
    if (inserted && facts.is_droppable) note_droppable();
    if (facts.pages != nullptr) facts.pages->release();  // the region has its own user now
    if (!inserted) return Errno::nomem;
    regions_.join(start, start + size);
    return VirtualAddress{start};
}

Attempt<Nothing> Memory::unmap(u64 start, u64 size) {
    u64 rounded = 0;
    if (!is_page(start) || size == 0 || !whole_pages(size, rounded)) return Errno::inval;
    if (!is_own_range(start, rounded)) return Errno::inval;
    u64 const end = start + rounded;
    if (breaks_fixed(start, end)) return Errno::inval;
    if (!regions_.split(start, end)) return Errno::nomem;
    Region* region = regions_.first_above(start);
    while (region != nullptr && region->start < end) {
        Region* const next = regions_.after(*region);
        drop_pages(region->start, region->end);
        regions_.remove(*region);
        region = next;
    }
    return Nothing{};
}

Attempt<Nothing> Memory::protect(u64 start, u64 size, Access access) {
    u64 rounded = 0;
    if (!is_page(start)) return Errno::inval;
    if (!whole_pages(size, rounded) || !is_own_range(start, rounded)) return Errno::nomem;
    if (rounded == 0) return Nothing{};
    u64 const end = start + rounded;
    if (!regions_.covers(start, rounded)) return Errno::nomem;
    if (breaks_fixed(start, end)) return Errno::inval;
    for (Region* region = regions_.first_above(start); region != nullptr && region->start < end;
         region = regions_.after(*region)) {
        if (access == Access::read_write && !region->may_write) return Errno::access;
        if (access == Access::read_execute && !region->may_execute) return Errno::access;
    }
    if (access == Access::read_execute && host::call_replacement()) {
        // What can fail comes first.
        for (Region* region = regions_.first_above(start); region != nullptr && region->start < end;
             region = regions_.after(*region))
            if (!own_code_pages(*region, start, end)) return Errno::nomem;
    }
    if (!regions_.split(start, end)) return Errno::nomem;
    for (Region* region = regions_.first_above(start); region != nullptr && region->start < end;
         region = regions_.after(*region)) {
        if (region->is_shared && region->backing != Backing::fixed && region->access != access &&
            host::call_replacement() &&
            (access == Access::read_execute || region->access == Access::read_execute)) {
            // What is executed is a copy; both come anew when they are touched.
            drop_pages(region->start, region->end);
        }
        region->access = access;
        protect_pages(*region);
    }
    regions_.join(start, end);
    return Nothing{};
}

// Pages of a private region that others see as data get frames of their own, so that nothing can go
// wrong when they become executable. False: out of memory; nothing that a process sees has changed.
bool Memory::own_code_pages(Region const& region, u64 start, u64 end) {
    if (region.is_shared || region.access == Access::read_execute) return true;
    u64 const first = region.start > start ? region.start : start;
    u64 const last = region.end < end ? region.end : end;
    for (VirtualAddress page = space_.next_mapped({first}); page.value < last;
         page = space_.next_mapped({page.value + page_size})) {
        auto const mapped = space_.lookup(page);
        if (host::frame_users(mapped.frame) == 1) continue;
        host::Frame const own = host::allocate_frame();
        if (own == host::no_frame) return false;
        __builtin_memcpy(host::frame_bytes(own), host::frame_bytes(mapped.frame), page_size);
        if (space_.map(page, own, mapped.access)) continue;
        host::release_frame(own);
        return false;
    }
    return true;
}

void Memory::protect_pages(Region const& region) {
    for (VirtualAddress page = space_.next_mapped({region.start}); page.value < region.end;
         page = space_.next_mapped({page.value + page_size})) {
        auto const mapped = space_.lookup(page);
        Access access = region.access;
        bool const is_own = region.is_shared || host::frame_users(mapped.frame) == 1;
        if (access == Access::read_write && !is_own) access = Access::read;
        if (access == Access::read_execute && mapped.access != access) {
            if (host::call_replacement()) replace_calls(mapped.frame);
            host::publish_code(mapped.frame);
        }
        space_.protect(page, access);
    }
}

u64 Memory::set_break(u64 end) {
    if (heap_start_ == 0 || end < heap_start_ || end > layout_->end - page_size) return heap_end_;
    u64 const old_top = kit::align_up(heap_end_, page_size);
    u64 const new_top = kit::align_up(end, page_size);
    if (new_top > old_top) {
        u64 const more = new_top - old_top;
        RegionFacts heap{.start = old_top, .end = new_top, .access = Access::read_write};
        heap.name = RegionName::heap;
        if (is_hopeless(more) || !is_gap_free(old_top, more) || !regions_.insert(heap))
            return heap_end_;
        regions_.join(old_top, new_top);
    } else if (new_top < old_top) {
        if (!unmap(new_top, old_top - new_top)) return heap_end_;
    }
    heap_end_ = end;
    return end;
}

Attempt<Nothing> Memory::map_frame(u64 page, host::Frame frame, Access access, RegionName name) {
    if (!is_page(page) || !is_process_range(page, page_size)) return Errno::inval;
    if (!regions_.is_free(page, page_size)) return Errno::exist;
    Region* const before = page == 0 ? nullptr : regions_.find(page - 1);
    bool const continues = before != nullptr && before->backing == Backing::fixed &&
                           before->name == name && before->access == access;
    RegionFacts facts{.start = page, .end = page + page_size, .access = access};
    facts.backing = Backing::fixed;
    facts.name = name;
    facts.is_shared = true;
    facts.may_write = false;
    facts.may_execute = access == Access::read_execute;
    if (!continues && !regions_.insert(facts)) return Errno::nomem;
    host::retain_frame(frame);
    if (!space_.map({page}, frame, access)) {
        host::release_frame(frame);
        if (!continues) regions_.remove(*regions_.find(page));
        return Errno::nomem;
    }
    if (continues) before->end = page + page_size;
    return Nothing{};
}

void Memory::show_time_page(host::Frame frame) {
    for (Region* region = regions_.first(); region != nullptr; region = regions_.after(*region)) {
        if (region->name != RegionName::vvar || region->backing != Backing::fixed) continue;
        // The page tables are there, so that nothing is allocated and nothing fails.
        host::retain_frame(frame);
        if (!space_.map({region->start}, frame, region->access)) host::release_frame(frame);
    }
}

}  // namespace vdsokit::personality
