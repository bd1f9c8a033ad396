# SPDX-License-Identifier: BSD-2-Clause
# vdsokit_chacha20_blocks(to: rdi, key: rsi, counter: rdx, blocks: rcx), contract in vdso/chacha20.h.
# [RFC 8439, 2.1 to 2.3]
#
# A register holds one row of the 4x4 state, so that a quarter round works on four columns at once;
# for the diagonals the rows are rotated against each other. Two blocks are made side by side: each
# step waits for the one before it, and the second block's steps fill the time. SSE2 alone, and
# registers alone: xmm0..3 and xmm4..7 are the two states, xmm8 and xmm9 scratch, xmm10 the
# constants, xmm11 and xmm12 the key, xmm13 counter and nonce of the first, xmm14 of the second.

        # \row = rotl(\row, \bits), in both blocks
        .macro  rotate row_a, row_b, bits
        movdqa  \row_a, %xmm8
        movdqa  \row_b, %xmm9
        pslld   $\bits, \row_a
        pslld   $\bits, \row_b
        psrld   $(32 - \bits), %xmm8
        psrld   $(32 - \bits), %xmm9
        por     %xmm8, \row_a
        por     %xmm9, \row_b
        .endm

        # rotl by 16: the halves of each word change places
        .macro  swap_halves row
        pshuflw $0xb1, \row, \row
        pshufhw $0xb1, \row, \row
        .endm

        .macro  quarter_rounds
        paddd   %xmm1, %xmm0
        paddd   %xmm5, %xmm4
        pxor    %xmm0, %xmm3
        pxor    %xmm4, %xmm7
        swap_halves %xmm3
        swap_halves %xmm7
        paddd   %xmm3, %xmm2
        paddd   %xmm7, %xmm6
        pxor    %xmm2, %xmm1
        pxor    %xmm6, %xmm5
        rotate  %xmm1, %xmm5, 12
        paddd   %xmm1, %xmm0
        paddd   %xmm5, %xmm4
        pxor    %xmm0, %xmm3
        pxor    %xmm4, %xmm7
        rotate  %xmm3, %xmm7, 8
        paddd   %xmm3, %xmm2
        paddd   %xmm7, %xmm6
        pxor    %xmm2, %xmm1
        pxor    %xmm6, %xmm5
        rotate  %xmm1, %xmm5, 7
        .endm

        # rows 1, 2 and 3 to the left by so many words
        .macro  rotate_rows first, second, third
        pshufd  $\first, %xmm1, %xmm1
        pshufd  $\first, %xmm5, %xmm5
        pshufd  $\second, %xmm2, %xmm2
        pshufd  $\second, %xmm6, %xmm6
        pshufd  $\third, %xmm3, %xmm3
        pshufd  $\third, %xmm7, %xmm7
        .endm

        .section .rodata.chacha20, "a", @progbits
        .balign 16
constants:
        .ascii  "expand 32-byte k"

        .text
        .balign 32
        .globl  vdsokit_chacha20_blocks
        .hidden vdsokit_chacha20_blocks
        .type   vdsokit_chacha20_blocks, @function
vdsokit_chacha20_blocks:
        .cfi_startproc
        testq   %rcx, %rcx
        jz      4f
        movdqa  constants(%rip), %xmm10
        movdqu  (%rsi), %xmm11
        movdqu  16(%rsi), %xmm12
1:
        movq    %rdx, %xmm13
        incq    %rdx
        movq    %rdx, %xmm14
        incq    %rdx
        movdqa  %xmm10, %xmm0
        movdqa  %xmm10, %xmm4
        movdqa  %xmm11, %xmm1
        movdqa  %xmm11, %xmm5
        movdqa  %xmm12, %xmm2
        movdqa  %xmm12, %xmm6
        movdqa  %xmm13, %xmm3
        movdqa  %xmm14, %xmm7
        movl    $10, %eax
        .balign 16
2:
        quarter_rounds
        rotate_rows 0x39, 0x4e, 0x93
        quarter_rounds
        rotate_rows 0x93, 0x4e, 0x39
        decl    %eax
        jnz     2b
        paddd   %xmm10, %xmm0
        paddd   %xmm11, %xmm1
        paddd   %xmm12, %xmm2
        paddd   %xmm13, %xmm3
        movdqu  %xmm0, (%rdi)
        movdqu  %xmm1, 16(%rdi)
        movdqu  %xmm2, 32(%rdi)
        movdqu  %xmm3, 48(%rdi)
        cmpq    $1, %rcx
        je      3f
        paddd   %xmm10, %xmm4
        paddd   %xmm11, %xmm5
        paddd   %xmm12, %xmm6
        paddd   %xmm14, %xmm7
        movdqu  %xmm4, 64(%rdi)
        movdqu  %xmm5, 80(%rdi)
        movdqu  %xmm6, 96(%rdi)
        movdqu  %xmm7, 112(%rdi)
        addq    $128, %rdi
        subq    $2, %rcx
        jnz     1b
3:
        pxor    %xmm0, %xmm0
        pxor    %xmm1, %xmm1
        pxor    %xmm2, %xmm2
        pxor    %xmm3, %xmm3
        pxor    %xmm4, %xmm4
        pxor    %xmm5, %xmm5
        pxor    %xmm6, %xmm6
        pxor    %xmm7, %xmm7
        pxor    %xmm8, %xmm8
        pxor    %xmm9, %xmm9
        pxor    %xmm11, %xmm11
        pxor    %xmm12, %xmm12
4:
        ret
        .cfi_endproc
        .size   vdsokit_chacha20_blocks, . - vdsokit_chacha20_blocks

        .section .note.GNU-stack, "", @progbits
