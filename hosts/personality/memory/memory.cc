// SPDX-License-Identifier: BSD-2-Clause
// Memory's life: made, forked, gone.
#include "hosts/personality/memory/memory.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<Memory> memories;
}

Memory* Memory::create() {
    Memory* const memory = memories.make();
    if (memory == nullptr) return nullptr;
    if (memory->space_.create()) return memory;
    memories.free(memory);
    return nullptr;
}

void Memory::release() {
    users_ -= 1;
    if (users_ != 0) return;
    unlink();
    space_.destroy();
    memories.free(this);
}

Memory* Memory::fork() {
    Memory* const child = create();
    if (child == nullptr) return nullptr;
    for (Region* region = regions_.first(); region != nullptr; region = regions_.after(*region)) {
        if (fork_region(*region, *child)) continue;
        child->release();
        return nullptr;
    }
    child->layout_ = layout_;
    child->mapping_top_ = mapping_top_;
    child->heap_start_ = heap_start_;
    child->heap_end_ = heap_end_;
    child->places_ = places_;
    if (is_linked()) child->note_droppable();
    return child;
}

bool Memory::fork_region(Region const& region, Memory& child) {
    if (region.on_fork == ForkRule::omit) return true;
    if (!child.regions_.insert(region)) return false;
    if (region.on_fork == ForkRule::wipe) return true;
    for (VirtualAddress page = space_.next_mapped({region.start}); page.value < region.end;
         page = space_.next_mapped({page.value + page_size})) {
        auto const mapped = space_.lookup(page);
        Access access = mapped.access;
        if (!region.is_shared && access == Access::read_write) {
            access = Access::read;
            space_.protect(page, access);  // both copy before they write
        }
        host::retain_frame(mapped.frame);
        if (child.space_.map(page, mapped.frame, access)) continue;
        host::release_frame(mapped.frame);
        return false;
    }
    return true;
}

void Memory::drop_pages(u64 start, u64 end) {
    for (VirtualAddress page = space_.next_mapped({start}); page.value < end;
         page = space_.next_mapped({page.value + page_size}))
        space_.unmap(page);
}

}  // namespace vdsokit::personality
