// SPDX-License-Identifier: BSD-2-Clause
// The page at 0xffff0000, through which programs for any arm CPU reach what only some have as
// instructions: programs built for CPUs before ARMv7 call it. The addresses and what is found there
// are Linux's. [Documentation/arch/arm/kernel_user_helpers.rst]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch::arm {

// Bodies, from the page's start. Compare and set answers 0 and the carry flag when it was set.
inline constexpr u32 helper_bodies[] = {
    0xf57f'f05b,  // barrier:       dmb ish
    0xe12f'ff1e,  //                bx lr
    0xf57f'f05b,  // compare_set:   dmb ish          (r0 old, r1 new, r2 where)
    0xe192'3f9f,  // 1:             ldrex r3, [r2]
    0xe153'0000,  //                cmp r3, r0
    0x1a00'0005,  //                bne 2f
    0xe182'3f91,  //                strex r3, r1, [r2]
    0xe353'0000,  //                cmp r3, #0
    0x1aff'fff9,  //                bne 1b
    0xf57f'f05b,  //                dmb ish
    0xe053'0003,  //                subs r0, r3, r3
    0xe12f'ff1e,  //                bx lr
    0xf57f'f01f,  // 2:             clrex
    0xf57f'f05b,  //                dmb ish
    0xe3a0'0001,  //                mov r0, #1
    0xe370'0000,  //                cmn r0, #0
    0xe12f'ff1e,  //                bx lr
    0xe92d'00f0,  // compare_set64: push {r4-r7}     (r0 at old, r1 at new, r2 where)
    0xe1c0'40d0,  //                ldrd r4, r5, [r0]
    0xe1c1'60d0,  //                ldrd r6, r7, [r1]
    0xf57f'f05b,  //                dmb ish
    0xe1b2'0f9f,  // 1:             ldrexd r0, r1, [r2]
    0xe150'0004,  //                cmp r0, r4
    0x0151'0005,  //                cmpeq r1, r5
    0x1a00'0006,  //                bne 2f
    0xe1a2'3f96,  //                strexd r3, r6, r7, [r2]
    0xe353'0000,  //                cmp r3, #0
    0x1aff'fff8,  //                bne 1b
    0xf57f'f05b,  //                dmb ish
    0xe053'0003,  //                subs r0, r3, r3
    0xe8bd'00f0,  //                pop {r4-r7}
    0xe12f'ff1e,  //                bx lr
    0xf57f'f01f,  // 2:             clrex
    0xf57f'f05b,  //                dmb ish
    0xe3a0'0001,  //                mov r0, #1
    0xe370'0000,  //                cmn r0, #0
    0xe8bd'00f0,  //                pop {r4-r7}
    0xe12f'ff1e,  //                bx lr
};

struct HelperEntry {
    u32 offset;  // in the page
    u32 word;
};
inline constexpr HelperEntry helper_entries[] = {
    {0xf60, 0xeaff'fc37},  // b compare_set64
    {0xfa0, 0xeaff'fc16},  // b barrier
    {0xfc0, 0xeaff'fc10},  // b compare_set
    {0xfe0, 0xee1d'0f70},  // mrc p15, 0, r0, c13, c0, 3: the thread pointer
    {0xfe4, 0xe12f'ff1e},  // bx lr
    {0xffc, 5},            // as many helpers; the last one is compare_set64
};

inline void write_helper_page(u8* page) {
    __builtin_memcpy(page, helper_bodies, sizeof(helper_bodies));
    for (HelperEntry const& entry : helper_entries)
        __builtin_memcpy(page + entry.offset, &entry.word, sizeof(entry.word));
}

}  // namespace vdsokit::arch::arm
