/* SPDX-License-Identifier: BSD-2-Clause */
/* The clocks: kit/time/timekeeper.h, and for groups of processes kit/time/time_namespace.h. */
#pragma once

#include "kit/c/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    vdsokit_time_not_started = 1,
    vdsokit_time_already_started = 2,
    vdsokit_time_frequency_out_of_range = 3,
    vdsokit_time_counter_bits_out_of_range = 4,
    vdsokit_time_counter_wraps_too_soon = 5,
    vdsokit_time_no_such_counter = 6,
    vdsokit_time_nanoseconds_out_of_range = 7,
    vdsokit_time_out_of_range = 8,
    vdsokit_time_before_system_start = 9,
    vdsokit_time_tick_out_of_range = 10,
    vdsokit_time_rate_out_of_range = 11,
    vdsokit_time_offset_out_of_range = 12,
    vdsokit_time_tai_offset_out_of_range = 13,
    vdsokit_time_timezone_out_of_range = 14,
    vdsokit_time_unknown_clock = 15,
    vdsokit_time_bad_page = 16 /* no address, or not a multiple of 64 */
};

enum { vdsokit_counter_virtual = 0, vdsokit_counter_physical = 1 };

struct vdsokit_timekeeper {
    uint64_t opaque[64];
};

struct vdsokit_timespec {
    int64_t seconds;
    uint32_t nanoseconds;
    uint32_t reserved; /* 0 */
};

struct vdsokit_clocksource {
    uint64_t frequency; /* Hz */
    uint32_t counter_bits;
    uint32_t kind; /* vdsokit_counter_... */
};

struct vdsokit_time_start {
    struct vdsokit_clocksource clocksource;
    struct vdsokit_timespec realtime;
    struct vdsokit_timespec monotonic;
    uint64_t tick_nanoseconds; /* 0: the host has no tick */
};

struct vdsokit_deadline {
    uint64_t counter;           /* the counter's value then */
    uint64_t after_nanoseconds; /* from now */
};

/* The first call; the others need it. Nothing it holds must be given back. */
void vdsokit_timekeeper_init(struct vdsokit_timekeeper* keeper);
vdsokit_status vdsokit_timekeeper_start(struct vdsokit_timekeeper* keeper,
                                        struct vdsokit_time_start const* with);

/* `page` is where the host sees the frame that processes see as the time page. Checked. */
vdsokit_status vdsokit_timekeeper_attach(struct vdsokit_timekeeper* keeper, void* page);
void vdsokit_timekeeper_publish(struct vdsokit_timekeeper* keeper);
void vdsokit_timekeeper_withdraw(struct vdsokit_timekeeper* keeper);

/* `clock` is what a process passed: any 32 bits. */
vdsokit_status vdsokit_timekeeper_read(struct vdsokit_timekeeper const* keeper, uint32_t clock,
                                       struct vdsokit_timespec* out);
vdsokit_status vdsokit_timekeeper_resolution(struct vdsokit_timekeeper const* keeper,
                                             uint32_t clock, uint64_t* out_nanoseconds);

vdsokit_status vdsokit_timekeeper_step_realtime(struct vdsokit_timekeeper* keeper,
                                                struct vdsokit_timespec to);
vdsokit_status vdsokit_timekeeper_slew_frequency(struct vdsokit_timekeeper* keeper,
                                                 int32_t parts_per_billion);
int32_t vdsokit_timekeeper_frequency(struct vdsokit_timekeeper const* keeper);
/* `replaced` may be null. */
vdsokit_status vdsokit_timekeeper_slew_offset(struct vdsokit_timekeeper* keeper,
                                              int64_t nanoseconds, int64_t* replaced);
int64_t vdsokit_timekeeper_remaining_offset(struct vdsokit_timekeeper const* keeper);
vdsokit_status vdsokit_timekeeper_set_tai_offset(struct vdsokit_timekeeper* keeper,
                                                 int32_t seconds);
int32_t vdsokit_timekeeper_tai_offset(struct vdsokit_timekeeper const* keeper);
vdsokit_status vdsokit_timekeeper_add_suspend(struct vdsokit_timekeeper* keeper,
                                              uint64_t nanoseconds);
vdsokit_status vdsokit_timekeeper_set_timezone(struct vdsokit_timekeeper* keeper,
                                               int32_t minutes_west, int32_t dst);
vdsokit_status vdsokit_timekeeper_change_clocksource(struct vdsokit_timekeeper* keeper,
                                                     struct vdsokit_clocksource source);

void vdsokit_timekeeper_tick(struct vdsokit_timekeeper* keeper);
void vdsokit_timekeeper_advance(struct vdsokit_timekeeper* keeper);
struct vdsokit_deadline vdsokit_timekeeper_next_update(struct vdsokit_timekeeper const* keeper);

struct vdsokit_time_namespace {
    uint64_t opaque[20];
};
/* The first call; the others need it. */
void vdsokit_time_namespace_init(struct vdsokit_time_namespace* group);
/* The group and its page stay at their addresses until it is closed. `page` is checked. */
vdsokit_status vdsokit_time_namespace_open(struct vdsokit_timekeeper* keeper,
                                           struct vdsokit_time_namespace* group, void* page,
                                           struct vdsokit_timespec monotonic,
                                           struct vdsokit_timespec boottime);
void vdsokit_time_namespace_close(struct vdsokit_timekeeper* keeper,
                                  struct vdsokit_time_namespace* group);
vdsokit_status vdsokit_time_namespace_read(struct vdsokit_timekeeper const* keeper,
                                           struct vdsokit_time_namespace const* group,
                                           uint32_t clock, struct vdsokit_timespec* out);

#ifdef __cplusplus
}
#endif
