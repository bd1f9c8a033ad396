// SPDX-License-Identifier: BSD-2-Clause
// vdsokit_chacha20_blocks(to: x0, key: x1, counter: x2, blocks: x3), contract in vdso/chacha20.h.
// [RFC 8439, 2.1 to 2.3]
//
// A vector register holds one row of the 4x4 state, so that a quarter round works on four columns at
// once; for the diagonals the rows are rotated against each other. General registers alone would do
// as well and take more than twice the code, and the image has one page. A host without vector
// registers does not publish a generation, and then nothing comes here.
// v0..v3 are the state, v4 is scratch, v16 the constants, v17 and v18 the key, v19 counter and nonce:
// all of them the caller's to lose. [Arm IHI 0055, 6.1.2]

        .text
        .balign 4
constants:
        .ascii  "expand 32-byte k"

// Four quarter rounds, one in each column. Called, not repeated: the image has one page.
quarter_rounds:
        add     v0.4s, v0.4s, v1.4s
        eor     v3.16b, v3.16b, v0.16b
        rev32   v3.8h, v3.8h                    // rotl by 16
        add     v2.4s, v2.4s, v3.4s
        eor     v4.16b, v1.16b, v2.16b
        shl     v1.4s, v4.4s, #12
        sri     v1.4s, v4.4s, #20
        add     v0.4s, v0.4s, v1.4s
        eor     v4.16b, v3.16b, v0.16b
        shl     v3.4s, v4.4s, #8
        sri     v3.4s, v4.4s, #24
        add     v2.4s, v2.4s, v3.4s
        eor     v4.16b, v1.16b, v2.16b
        shl     v1.4s, v4.4s, #7
        sri     v1.4s, v4.4s, #25
        ret

        // rows 1, 2 and 3 to the left by so many bytes
        .macro  rotate_rows first, second, third
        ext     v1.16b, v1.16b, v1.16b, #\first
        ext     v2.16b, v2.16b, v2.16b, #\second
        ext     v3.16b, v3.16b, v3.16b, #\third
        .endm

        .globl  vdsokit_chacha20_blocks
        .hidden vdsokit_chacha20_blocks
        .type   vdsokit_chacha20_blocks, %function
vdsokit_chacha20_blocks:
        mov     x5, x30
        cbz     x3, 3f
        ldr     q16, constants
        ldp     q17, q18, [x1]
1:
        fmov    d19, x2
        mov     v0.16b, v16.16b
        mov     v1.16b, v17.16b
        mov     v2.16b, v18.16b
        mov     v3.16b, v19.16b
        mov     w4, #10
2:
        bl      quarter_rounds
        rotate_rows 4, 8, 12
        bl      quarter_rounds
        rotate_rows 12, 8, 4
        subs    w4, w4, #1
        b.ne    2b
        add     v0.4s, v0.4s, v16.4s
        add     v1.4s, v1.4s, v17.4s
        add     v2.4s, v2.4s, v18.4s
        add     v3.4s, v3.4s, v19.4s
        stp     q0, q1, [x0], #32
        stp     q2, q3, [x0], #32
        add     x2, x2, #1
        subs    x3, x3, #1
        b.ne    1b
        movi    v0.4s, #0
        movi    v1.4s, #0
        movi    v2.4s, #0
        movi    v3.4s, #0
        movi    v4.4s, #0
        movi    v17.4s, #0
        movi    v18.4s, #0
3:
        ret     x5
        .size   vdsokit_chacha20_blocks, . - vdsokit_chacha20_blocks

        .section .note.GNU-stack, "", %progbits
