// SPDX-License-Identifier: BSD-2-Clause
// The C interface's half that loads and maps an image.
#include "kit/c/storage.h"
#include "kit/image/base.h"
#include "kit/image/mapping.h"

namespace {

using namespace vdsokit;
using kit::Access;
using kit::MapError;
using kit::PreloadError;

struct Source {
    using Frame = u64;
    vdsokit_frame_source const& c;

    kit::Result<Frame, MapError> allocate_frame() {
        Frame const frame = c.allocate(c.context);
        if (frame == 0) return MapError::out_of_memory;
        return frame;
    }
    u8* frame_bytes(Frame frame) { return c.bytes(c.context, frame); }
    void release_frame(Frame frame) { c.release(c.context, frame); }
    void publish_code(Frame frame) { c.publish_code(c.context, frame); }
};

struct Space {
    using Frame = u64;
    vdsokit_address_space const& c;

    kit::Result<kit::Nothing, MapError> map_shared(kit::VirtualAddress page, Frame frame,
                                                   Access access) {
        vdsokit_status const status =
            c.map_shared(c.context, page.value, frame, static_cast<u32>(access));
        if (status == vdsokit_ok) return kit::Nothing{};
        return status == vdsokit_in_use ? MapError::in_use : MapError::out_of_memory;
    }
    void unmap_shared(kit::VirtualAddress page) { c.unmap_shared(c.context, page.value); }
};

using Preload = kit::Preload<Source>;

static_assert(static_cast<u32>(Access::none) == vdsokit_access_none &&
              static_cast<u32>(Access::read) == vdsokit_access_read &&
              static_cast<u32>(Access::read_write) == vdsokit_access_read_write &&
              static_cast<u32>(Access::read_execute) == vdsokit_access_read_execute);

vdsokit_status status_of(PreloadError error) {
    switch (error) {
    case PreloadError::out_of_frames: return vdsokit_out_of_frames;
    case PreloadError::frame_size: return vdsokit_bad_frame_size;
    case PreloadError::too_many_frames: return vdsokit_too_many_frames;
    case PreloadError::replacement_too_wide: return vdsokit_replacement_too_wide;
    }
    return vdsokit_out_of_frames;
}

vdsokit_status status_of(MapError error) {
    switch (error) {
    case MapError::out_of_memory: return vdsokit_out_of_memory;
    case MapError::in_use: return vdsokit_in_use;
    case MapError::out_of_range: return vdsokit_out_of_range;
    }
    return vdsokit_out_of_range;
}

}  // namespace

vdsokit_status vdsokit_image_open(vdsokit_image* image, void const* bytes, uint64_t size,
                                  vdsokit_fault* fault) {
    auto const opened = kit::open_image(kit::Bytes(static_cast<u8 const*>(bytes), size));
    if (opened) {
        kit::store_in_c(image, opened.value());
        return vdsokit_ok;
    }
    kit::ImageFault const& found = opened.error();
    kit::fill_fault(fault, found.rule->name, found.rule->reason, found.at.value);
    return vdsokit_image_refused;
}

uint64_t vdsokit_image_size(vdsokit_image const* image) {
    return kit::from_c<kit::Image>(image).size();
}
uint64_t vdsokit_image_code_size(vdsokit_image const* image) {
    return kit::from_c<kit::Image>(image).code_size();
}
uint64_t vdsokit_image_find(vdsokit_image const* image, char const* name, char const* version) {
    auto const found = kit::from_c<kit::Image>(image).find(name, version);
    return found ? found.value().value : 0;
}

vdsokit_status vdsokit_preload_load(vdsokit_preload* preload, vdsokit_frame_source const* source,
                                    vdsokit_image const* image,
                                    vdsokit_preload_options const* options) {
    Source frames{*source};
    kit::Image const& from = kit::from_c<kit::Image>(image);
    u64 const frame_size = options->frame_size;
    u32 const replacement = options->trap_replacement;
    auto const loaded =
        options->replaces_traps == 0
            ? Preload::load(frames, from, {.frame_size = frame_size})
            : Preload::load(frames, from,
                            {.frame_size = frame_size, .trap_replacement = replacement});
    if (!loaded) return status_of(loaded.error());
    kit::store_in_c(preload, loaded.value());
    return vdsokit_ok;
}

void vdsokit_preload_release(vdsokit_preload* preload, vdsokit_frame_source const* source) {
    Source frames{*source};
    kit::from_c<Preload>(preload).release(frames);
}

void* vdsokit_preload_time_page(vdsokit_preload const* preload) {
    return kit::from_c<Preload>(preload).time_page();
}
uint64_t vdsokit_preload_size(vdsokit_preload const* preload) {
    return kit::from_c<Preload>(preload).size();
}
uint64_t vdsokit_preload_alignment(vdsokit_preload const* preload) {
    return kit::from_c<Preload>(preload).alignment();
}
uint64_t vdsokit_preload_sigreturn(vdsokit_preload const* preload) {
    auto const sigreturn = kit::from_c<Preload>(preload).sigreturn();
    return sigreturn ? sigreturn.value().value : 0;
}

vdsokit_status vdsokit_choose_base(uint64_t first, uint64_t range_size, uint64_t size,
                                   uint64_t alignment, uint64_t entropy, uint64_t* base) {
    auto const chosen = kit::choose_base({{first}, range_size}, size, alignment, entropy);
    if (!chosen) return status_of(chosen.error());
    *base = chosen.value().value;
    return vdsokit_ok;
}

vdsokit_status vdsokit_preload_map(vdsokit_preload const* preload,
                                   vdsokit_address_space const* space, uint64_t base) {
    Space to{*space};
    auto const mapped = kit::map_image<Source>(to, kit::from_c<Preload>(preload), {base});
    return mapped ? vdsokit_status{vdsokit_ok} : status_of(mapped.error());
}

void vdsokit_preload_unmap(vdsokit_preload const* preload, vdsokit_address_space const* space,
                           uint64_t base) {
    Space from{*space};
    Preload const& loaded = kit::from_c<Preload>(preload);
    kit::unmap_image(from, kit::Mapping{.base = {base},
                                        .size = loaded.size(),
                                        .code_size = loaded.code_size(),
                                        .frame_size = loaded.frame_size()});
}
