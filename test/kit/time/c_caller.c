/* SPDX-License-Identifier: BSD-2-Clause */
#include "c_caller.h"

vdsokit_status c_start(struct vdsokit_timekeeper* keeper, void* page, uint64_t tick_nanoseconds) {
    struct vdsokit_time_start const with = {
        .clocksource = {2000000000, 64, vdsokit_counter_virtual},
        .realtime = {.seconds = 1700000000},
        .tick_nanoseconds = tick_nanoseconds,
    };
    vdsokit_status status;
    vdsokit_timekeeper_init(keeper);
    status = vdsokit_timekeeper_attach(keeper, page);
    if (status != vdsokit_ok) return status;
    return vdsokit_timekeeper_start(keeper, &with);
}
