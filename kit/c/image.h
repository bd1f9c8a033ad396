/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening, preloading and mapping the image: kit/image/. */
#pragma once

#include "kit/c/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    vdsokit_image_refused = 100,
    vdsokit_out_of_frames = 101,
    vdsokit_bad_frame_size = 102,
    vdsokit_too_many_frames = 103,
    vdsokit_replacement_too_wide = 104,
    vdsokit_out_of_range = 110, /* of an address, as are the next two */
    vdsokit_in_use = 111,
    vdsokit_out_of_memory = 112
};

enum {
    vdsokit_access_none,
    vdsokit_access_read,
    vdsokit_access_read_write,
    vdsokit_access_read_execute
};

struct vdsokit_image {
    uint64_t opaque[128];
};
/* The bytes stay where they are, unchanged, as long as the image is used. */
vdsokit_status vdsokit_image_open(struct vdsokit_image* image, void const* bytes, uint64_t size,
                                  struct vdsokit_fault* fault);
uint64_t vdsokit_image_size(struct vdsokit_image const* image);
uint64_t vdsokit_image_code_size(struct vdsokit_image const* image);
/* 0: no such export of that version. */
uint64_t vdsokit_image_find(struct vdsokit_image const* image, char const* name,
                            char const* version);

/* kit/core/memory.h, FrameSource. A frame is any number of the caller's; 0 is none. */
struct vdsokit_frame_source {
    void* context;
    uint64_t (*allocate)(void* context); /* zeroed */
    uint8_t* (*bytes)(void* context, uint64_t frame);
    void (*release)(void* context, uint64_t frame);
    void (*publish_code)(void* context, uint64_t frame);
};

struct vdsokit_preload_options {
    uint64_t frame_size;
    uint32_t replaces_traps; /* not 0: trap_replacement stands at every trap site */
    uint32_t trap_replacement;
};

struct vdsokit_preload {
    uint64_t opaque[48];
};
vdsokit_status vdsokit_preload_load(struct vdsokit_preload* preload,
                                    struct vdsokit_frame_source const* source,
                                    struct vdsokit_image const* image,
                                    struct vdsokit_preload_options const* options);
void vdsokit_preload_release(struct vdsokit_preload* preload,
                             struct vdsokit_frame_source const* source);
/* For vdsokit_timekeeper_attach(). */
void* vdsokit_preload_time_page(struct vdsokit_preload const* preload);
uint64_t vdsokit_preload_size(struct vdsokit_preload const* preload);
uint64_t vdsokit_preload_alignment(struct vdsokit_preload const* preload);
/* Offset of the way back from a signal handler; 0: the image has none. */
uint64_t vdsokit_preload_sigreturn(struct vdsokit_preload const* preload);

/* kit/image/base.h */
vdsokit_status vdsokit_choose_base(uint64_t first, uint64_t range_size, uint64_t size,
                                   uint64_t alignment, uint64_t entropy, uint64_t* base);

/* kit/core/memory.h, AddressSpace. map_shared answers 0, vdsokit_in_use or
 * vdsokit_out_of_memory. */
struct vdsokit_address_space {
    void* context;
    vdsokit_status (*map_shared)(void* context, uint64_t page, uint64_t frame, uint32_t access);
    void (*unmap_shared)(void* context, uint64_t page);
};
/* Copies nothing. `base` is then AT_SYSINFO_EHDR. */
vdsokit_status vdsokit_preload_map(struct vdsokit_preload const* preload,
                                   struct vdsokit_address_space const* space, uint64_t base);
/* Precondition: it is mapped there. */
void vdsokit_preload_unmap(struct vdsokit_preload const* preload,
                           struct vdsokit_address_space const* space, uint64_t base);

#ifdef __cplusplus
}
#endif
