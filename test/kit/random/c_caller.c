/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel in C, for c_interface_test.cc to judge. */
#include "kit/vdsokit.h"

vdsokit_status c_publish(struct vdsokit_random* random, void* page, uint32_t page_size);

vdsokit_status c_publish(struct vdsokit_random* random, void* page, uint32_t page_size) {
    struct vdsokit_random_promise const promise = {
        .map_protection = 3,
        .map_flags = 0x28,
        .page_size = page_size,
    };
    vdsokit_status status;
    vdsokit_random_init(random);
    status = vdsokit_random_attach(random, page);
    if (status != vdsokit_ok) return status;
    return vdsokit_random_publish(random, &promise);
}
