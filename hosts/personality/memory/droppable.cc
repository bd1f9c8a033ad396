// SPDX-License-Identifier: BSD-2-Clause
// MAP_DROPPABLE: pages that a program can do without. When memory is short they go first, all of
// them, and are zero when they are next looked at. [Linux mmap(2)]
#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

namespace {
// Those that have, or had, a droppable region.
constinit List<Memory, DropOrder> droppers;
}  // namespace

void Memory::note_droppable() {
    if (!is_linked()) droppers.push_back(*this);
}

// A frame for a page that somebody waits for.
host::Frame Memory::new_frame() {
    host::Frame const frame = host::allocate_frame();
    if (!(frame == host::no_frame) || !drop_droppable()) return frame;
    return host::allocate_frame();
}

// False: there was nothing to drop.
bool Memory::drop_droppable() {
    u64 const before = host::frame_count().free;
    for (Memory* memory = droppers.front(); memory != nullptr; memory = droppers.after(*memory))
        for (Region* region = memory->regions_.first(); region != nullptr;
             region = memory->regions_.after(*region))
            if (region->is_droppable) memory->drop_pages(region->start, region->end);
    return host::frame_count().free != before;
}

}  // namespace vdsokit::personality
