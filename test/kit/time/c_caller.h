/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel in C: what c_caller.c does with the C interface, for c_interface_test.cc to judge. */
#pragma once

#include "kit/vdsokit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Counter at 2 GHz, realtime 1.7 * 10^9 s. */
vdsokit_status c_start(struct vdsokit_timekeeper* keeper, void* page, uint64_t tick_nanoseconds);

#ifdef __cplusplus
}
#endif
