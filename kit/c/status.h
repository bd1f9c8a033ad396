/* SPDX-License-Identifier: BSD-2-Clause */
/* What the functions of vdsokit.h answer. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0, or why something was refused; a refusal changes nothing. */
typedef int32_t vdsokit_status;
enum { vdsokit_ok = 0 };

/* Why something untrusted was refused. Every function that fills one accepts a null pointer. */
struct vdsokit_fault {
    char const* rule; /* of an image: its name in `vdsokit check`; else "" */
    char const* why;
    uint64_t at; /* offset in the file; of a stack: the number of the string */
};

#ifdef __cplusplus
}
#endif
