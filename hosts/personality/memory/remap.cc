// SPDX-License-Identifier: BSD-2-Clause
// mremap, and advice that changes regions.
#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

Attempt<VirtualAddress> Memory::remap(RemapRequest const& asked) {
    RemapRequest request = asked;
    if (!is_page(asked.old_start) || asked.old_size == 0 || asked.new_size == 0)
        return Errno::inval;
    if (!whole_pages(asked.old_size, request.old_size) ||
        !is_own_range(asked.old_start, request.old_size))
        return Errno::fault;
    if (!whole_pages(asked.new_size, request.new_size)) return Errno::nomem;
    u64 const old_start = request.old_start;
    u64 const old_end = old_start + request.old_size;

    Region* const region = regions_.find(old_start);
    if (region == nullptr || region->end < old_end) return Errno::fault;
    if (region->backing == Backing::fixed) {
        if (request.new_size > request.old_size) return Errno::fault;
        if (region->start != old_start || region->end != old_end ||
            request.new_size != request.old_size)
            return Errno::inval;
    }

    if (request.is_fixed) {
        u64 const new_start = request.new_start;
        if (!is_page(new_start) || !is_own_range(new_start, request.new_size)) return Errno::inval;
        if (new_start < lowest_address) return Errno::perm;
        if (new_start < old_end && old_start < new_start + request.new_size) return Errno::inval;
        auto const freed = unmap(new_start, request.new_size);
        if (!freed) return freed.error();
        return move(request, new_start);
    }
    if (request.new_size == request.old_size) return VirtualAddress{old_start};
    if (request.new_size < request.old_size) {
        auto const cut = unmap(old_start + request.new_size, request.old_size - request.new_size);
        if (!cut) return cut.error();
        return VirtualAddress{old_start};
    }
    if (grow_in_place(request)) return VirtualAddress{old_start};
    if (!request.may_move) return Errno::nomem;
    u64 const new_start = regions_.choose(mapping_top_, request.new_size);
    if (new_start == 0) return Errno::nomem;
    return move(request, new_start);
}

bool Memory::grow_in_place(RemapRequest const& request) {
    Region* const region = regions_.find(request.old_start);
    u64 const old_end = request.old_start + request.old_size;
    if (region->end != old_end) return false;
    u64 const more = request.new_size - request.old_size;
    if (!is_gap_free(old_end, more)) return false;
    region->end += more;
    regions_.join(region->start, region->end);
    return true;
}

// The new place is free. Pages are shown at both places first, so that a failure halfway loses
// nothing.
Attempt<VirtualAddress> Memory::move(RemapRequest const& request, u64 new_start) {
    u64 const old_end = request.old_start + request.old_size;
    if (!regions_.split(request.old_start, old_end)) return Errno::nomem;
    Region const& old = *regions_.find(request.old_start);
    RegionFacts facts = old;
    facts.start = new_start;
    facts.end = new_start + request.new_size;
    if (!regions_.insert(facts)) return Errno::nomem;
    u64 const kept = request.new_size < request.old_size ? request.new_size : request.old_size;
    for (VirtualAddress page = space_.next_mapped({old.start}); page.value < old.start + kept;
         page = space_.next_mapped({page.value + page_size})) {
        auto const mapped = space_.lookup(page);
        host::retain_frame(mapped.frame);
        VirtualAddress const to{new_start + (page.value - old.start)};
        if (space_.map(to, mapped.frame, mapped.access)) continue;
        host::release_frame(mapped.frame);
        drop_pages(facts.start, facts.end);
        regions_.remove(*regions_.find(new_start));
        return Errno::nomem;
    }
    if (old.name == RegionName::vdso && places_.vdso == old.start) places_.vdso = new_start;
    drop_pages(old.start, old.end);
    regions_.remove(*regions_.find(request.old_start));
    regions_.join(facts.start, facts.end);
    return VirtualAddress{new_start};
}

Attempt<Nothing> Memory::forget(u64 start, u64 size) {
    if (!regions_.covers(start, size)) return Errno::nomem;
    for (Region* region = regions_.first_above(start);
         region != nullptr && region->start < start + size; region = regions_.after(*region))
        if (region->backing == Backing::fixed) return Errno::inval;
    drop_pages(start, start + size);
    return Nothing{};
}

Attempt<Nothing> Memory::set_fork_rule(u64 start, u64 size, ForkRule rule) {
    if (!regions_.covers(start, size)) return Errno::nomem;
    for (Region* region = regions_.first_above(start);
         region != nullptr && region->start < start + size; region = regions_.after(*region)) {
        if (region->backing == Backing::fixed) return Errno::inval;
        // Linux wipes private anonymous memory only.
        if (rule == ForkRule::wipe && region->backing != Backing::zero) return Errno::inval;
    }
    if (!regions_.split(start, start + size)) return Errno::nomem;
    for (Region* region = regions_.first_above(start);
         region != nullptr && region->start < start + size; region = regions_.after(*region))
        region->on_fork = region->is_droppable && rule == ForkRule::copy ? ForkRule::wipe : rule;
    regions_.join(start, start + size);
    return Nothing{};
}

}  // namespace vdsokit::personality
