// SPDX-License-Identifier: BSD-2-Clause
// A preloaded image in one process: the shared frames mapped at a base, all or none. Called at each
// exec; copies nothing. The base goes into the auxiliary vector as AT_SYSINFO_EHDR.
#pragma once

#include "kit/core/memory.h"
#include "kit/image/base.h"
#include "kit/image/preload.h"

namespace vdsokit::kit {

struct Mapping {
    VirtualAddress base;  // of the image's ELF header
    u64 size;
    u64 code_size;  // [base, base + code_size) is code, the rest the time page
    u64 frame_size;

    // Where a process finds what lies at `offset` of the image.
    VirtualAddress address(ImageOffset offset) const { return {base.value + offset.value}; }
    VirtualAddress time_page() const { return {base.value + code_size}; }
};

// Errors: out_of_range (misaligned, or past the end of the address space), and whatever the space
// answers; then nothing is mapped.
template <FrameSource Source, AddressSpace Space>
requires std::same_as<typename Source::Frame, typename Space::Frame>
[[nodiscard]] Result<Mapping, MapError> map_image(Space& space, Preload<Source> const& preload,
                                                  VirtualAddress base) {
    if (base.value % preload.alignment() != 0 || base.value > ~u64{0} - preload.size())
        return MapError::out_of_range;
    u64 const frame_size = preload.frame_size();
    for (u64 index = 0; index < preload.frame_count(); ++index) {
        VirtualAddress const at{base.value + index * frame_size};
        auto const mapped = space.map_shared(at, preload.frame(index), preload.access(index));
        if (mapped) continue;
        for (u64 undo = 0; undo < index; ++undo)
            space.unmap_shared({base.value + undo * frame_size});
        return mapped.error();
    }
    return Mapping{base, preload.size(), preload.code_size(), frame_size};
}

// Precondition: map_image() into this space returned it, and it was not unmapped since.
template <AddressSpace Space>
void unmap_image(Space& space, Mapping const& mapping) {
    for (u64 at = 0; at < mapping.size; at += mapping.frame_size)
        space.unmap_shared({mapping.base.value + at});
}

}  // namespace vdsokit::kit
