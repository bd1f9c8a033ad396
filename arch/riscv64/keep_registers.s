# SPDX-License-Identifier: BSD-2-Clause
# vdsokit_call_and_keep(kept: a0, function: a1, arguments: a2), for tests: calls the function with
# five arguments and stores every register that it may have changed. What each register is, the test
# does not ask.

        .text
        .globl  vdsokit_call_and_keep
        .type   vdsokit_call_and_keep, @function
vdsokit_call_and_keep:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      s0, 0(sp)
        mv      s0, a0
        mv      t0, a1
        ld      a0, 0(a2)
        ld      a1, 8(a2)
        ld      a3, 24(a2)
        ld      a4, 32(a2)
        ld      a2, 16(a2)
        jalr    t0
        sd      a0, 0(s0)
        sd      a1, 8(s0)
        sd      a2, 16(s0)
        sd      a3, 24(s0)
        sd      a4, 32(s0)
        sd      a5, 40(s0)
        sd      a6, 48(s0)
        sd      a7, 56(s0)
        sd      t0, 64(s0)
        sd      t1, 72(s0)
        sd      t2, 80(s0)
        sd      t3, 88(s0)
        sd      t4, 96(s0)
        sd      t5, 104(s0)
        sd      t6, 112(s0)
        ld      s0, 0(sp)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret
        .size   vdsokit_call_and_keep, . - vdsokit_call_and_keep

        .section .note.GNU-stack, "", @progbits
