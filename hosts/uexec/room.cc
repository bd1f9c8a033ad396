// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/room.h"

#include <sys/mman.h>

#include <algorithm>

#include "hosts/uexec/pointer.h"

namespace vdsokit::uexec {

namespace {

constexpr int held_free = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

void unmap(u64 start, u64 end) {
    if (end > start) munmap(pointer_to(start), static_cast<std::size_t>(end - start));
}

}  // namespace

Room Room::anywhere(u64 size) {
    Room room;
    void* const mapped = mmap(nullptr, static_cast<std::size_t>(size), PROT_NONE, held_free, -1, 0);
    if (mapped == MAP_FAILED) return room;
    u64 const start = reinterpret_cast<std::uintptr_t>(mapped);
    room.range_ = {start, start + size};
    return room;
}

Room Room::at(kit::AddressRange range) {
    Room room;
    void* const mapped = mmap(pointer_to(range.start), static_cast<std::size_t>(range.size()),
                              PROT_NONE, held_free | MAP_FIXED_NOREPLACE, -1, 0);
    if (mapped == MAP_FAILED) return room;
    u64 const start = reinterpret_cast<std::uintptr_t>(mapped);
    // Whoever does not know MAP_FIXED_NOREPLACE takes the address for a wish.
    if (start == range.start)
        room.range_ = range;
    else
        unmap(start, start + range.size());
    return room;
}

void Room::keep_only(std::vector<kit::AddressRange> parts) {
    std::sort(parts.begin(), parts.end(), [](auto a, auto b) { return a.start < b.start; });
    u64 at = range_.start;
    for (kit::AddressRange const& part : parts) {
        if (!part.overlaps(range_)) continue;
        unmap(at, std::max(at, part.start));
        at = std::max(at, part.end);
    }
    unmap(at, range_.end);
}

}  // namespace vdsokit::uexec
