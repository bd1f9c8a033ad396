// SPDX-License-Identifier: BSD-2-Clause
// What a process runs between its exec and its first instruction: the steps of hosts/linux/batch.h,
// one of 64 bytes after the other, position-independent. x19: the step; x20: all results since the
// last branch or-ed, so negative once a call has failed.
    .section .rodata.vdsokit_batch, "a", %progbits
    .balign 16
    .globl vdsokit_batch_begin, vdsokit_batch_end
    .hidden vdsokit_batch_begin, vdsokit_batch_end
vdsokit_batch_begin:
    ldp x8, x0, [x19]
    ldp x1, x2, [x19, #16]
    tbnz x8, #63, 2f
    ldp x3, x4, [x19, #32]
    ldr x5, [x19, #48]
    svc #0
    str x0, [x19, #56]
    orr x20, x20, x0
1:  add x19, x19, #64
    b vdsokit_batch_begin
2:  cmn x8, #1
    b.ne 4f
3:  ldr x3, [x1], #8            // copy
    str x3, [x0], #8
    subs x2, x2, #1
    b.ne 3b
    b 1b
4:  cmn x8, #2
    b.ne 5f
    ldr x3, [x1]                // add
    add x3, x3, x2
    str x3, [x0]
    b 1b
5:  cmn x8, #3
    b.ne 6f
    tst x20, x20                // branch
    csel x19, x1, x0, mi
    mov x20, xzr
    b vdsokit_batch_begin
6:  str xzr, [x0], #8           // leave
    subs x2, x2, #1
    b.ne 6b
    mov x16, x1                 // the veneers' register: a `bti c` at the entry lets it in
    mov x0, xzr
    mov x1, xzr
    mov x3, xzr
    mov x4, xzr
    mov x5, xzr
    mov x8, xzr
    mov x19, xzr
    mov x20, xzr
    br x16
    .balign 8
vdsokit_batch_end:
    .section .note.GNU-stack, "", %progbits
