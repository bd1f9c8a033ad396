// SPDX-License-Identifier: BSD-2-Clause
// vdsokit_call_and_keep(kept: x0, function: x1, arguments: x2), for tests: calls the function with
// five arguments and stores every register that it may have changed. What each register is, the test
// does not ask.

        .text
        .globl  vdsokit_call_and_keep
        .type   vdsokit_call_and_keep, %function
vdsokit_call_and_keep:
        stp     x29, x30, [sp, #-32]!
        mov     x29, sp
        str     x19, [sp, #16]
        mov     x19, x0
        mov     x16, x1
        ldp     x0, x1, [x2]
        ldp     x3, x4, [x2, #24]
        ldr     x2, [x2, #16]
        blr     x16
        stp     x0, x1, [x19], #16
        stp     x2, x3, [x19], #16
        stp     x4, x5, [x19], #16
        stp     x6, x7, [x19], #16
        stp     x8, x9, [x19], #16
        stp     x10, x11, [x19], #16
        stp     x12, x13, [x19], #16
        stp     x14, x15, [x19], #16
        stp     x16, x17, [x19], #16
        stp     q0, q1, [x19], #32
        stp     q2, q3, [x19], #32
        stp     q4, q5, [x19], #32
        stp     q6, q7, [x19], #32
        stp     q16, q17, [x19], #32
        stp     q18, q19, [x19], #32
        stp     q20, q21, [x19], #32
        stp     q22, q23, [x19], #32
        stp     q24, q25, [x19], #32
        stp     q26, q27, [x19], #32
        stp     q28, q29, [x19], #32
        stp     q30, q31, [x19], #32
        ldr     x19, [sp, #16]
        ldp     x29, x30, [sp], #32
        ret
        .size   vdsokit_call_and_keep, . - vdsokit_call_and_keep

        .section .note.GNU-stack, "", %progbits
