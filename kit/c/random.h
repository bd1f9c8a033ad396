/* SPDX-License-Identifier: BSD-2-Clause */
/* What getrandom needs of the host: kit/random/random_publisher.h. */
#pragma once

#include "kit/c/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    vdsokit_random_page_size_out_of_range = 40,
    vdsokit_random_no_page = 41,
    vdsokit_random_bad_page = 42 /* no address, or not a multiple of 64 */
};

struct vdsokit_random {
    uint64_t opaque[8];
};

/* What this kernel keeps of a mapping that a program makes with these arguments of mmap. */
struct vdsokit_random_promise {
    uint32_t map_protection;
    uint32_t map_flags;
    uint32_t page_size;
    uint32_t reserved; /* 0 */
};

/* The first call; the others need it. Nothing it holds must be given back. */
void vdsokit_random_init(struct vdsokit_random* random);
/* The page that the Timekeeper is attached to. Checked. */
vdsokit_status vdsokit_random_attach(struct vdsokit_random* random, void* page);
vdsokit_status vdsokit_random_publish(struct vdsokit_random* random,
                                      struct vdsokit_random_promise const* promise);
/* One page more: a time namespace's. The entry stays at one address until it is removed. */
struct vdsokit_random_page {
    uint64_t opaque[2];
};
vdsokit_status vdsokit_random_add(struct vdsokit_random* random, struct vdsokit_random_page* entry,
                                  void* page);
void vdsokit_random_remove(struct vdsokit_random* random, struct vdsokit_random_page* entry);
void vdsokit_random_withdraw(struct vdsokit_random* random);
void vdsokit_random_reseeded(struct vdsokit_random* random);
/* 0: not seeded yet. */
uint64_t vdsokit_random_generation(struct vdsokit_random const* random);

#ifdef __cplusplus
}
#endif
