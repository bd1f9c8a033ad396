# SPDX-License-Identifier: BSD-2-Clause
# vdsokit_chacha20_blocks(to: a0, key: a1, counter: a2, blocks: a3), contract in vdso/chacha20.h.
# [RFC 8439, 2.1 to 2.3]
#
# General registers alone: sixteen hold the state, t0 is scratch, t1 counts rounds. The stack holds
# what the caller had in s0 to s6, and nothing of ours. The key is read again for each block; words
# are written in order, and a key that is the end of what is written is read in front of that.
# Bytes are stored one by one: not every hart stores a word anywhere, and it is a twentieth of the
# work. There is no rotate instruction in the base of the instruction set.

        # \a += \b; \d = rotl(\d ^ \a, \bits)
        .macro  step a, b, d, bits
        addw    \a, \a, \b
        xor     \d, \d, \a
        slliw   t0, \d, \bits
        srliw   \d, \d, 32 - \bits
        or      \d, \d, t0
        .endm

        .macro  quarter_round a, b, c, d
        step    \a, \b, \d, 16
        step    \c, \d, \b, 12
        step    \a, \b, \d, 8
        step    \c, \d, \b, 7
        .endm

        # word \index of the block; \word is lost
        .macro  store_word word, index
        sb      \word, 4 * \index(a0)
        srliw   t0, \word, 8
        sb      t0, 4 * \index + 1(a0)
        srliw   t0, \word, 16
        sb      t0, 4 * \index + 2(a0)
        srliw   \word, \word, 24
        sb      \word, 4 * \index + 3(a0)
        .endm

        .macro  finish_constant word, index, constant
        li      t0, \constant
        addw    \word, \word, t0
        store_word \word, \index
        .endm

        .macro  finish_key word, index
        lw      t0, 4 * (\index - 4)(a1)
        addw    \word, \word, t0
        store_word \word, \index
        .endm

        .text
        .balign 16
        .globl  vdsokit_chacha20_blocks
        .hidden vdsokit_chacha20_blocks
        .type   vdsokit_chacha20_blocks, @function
vdsokit_chacha20_blocks:
        .cfi_startproc
        beqz    a3, 4f
        addi    sp, sp, -64
        .cfi_def_cfa_offset 64
        sd      s0, 0(sp)
        .cfi_offset s0, -64
        sd      s1, 8(sp)
        .cfi_offset s1, -56
        sd      s2, 16(sp)
        .cfi_offset s2, -48
        sd      s3, 24(sp)
        .cfi_offset s3, -40
        sd      s4, 32(sp)
        .cfi_offset s4, -32
        sd      s5, 40(sp)
        .cfi_offset s5, -24
        sd      s6, 48(sp)
        .cfi_offset s6, -16
1:
        li      a4, 0x61707865
        li      a5, 0x3320646e
        li      a6, 0x79622d32
        li      a7, 0x6b206574
        lw      t2, 0(a1)
        lw      t3, 4(a1)
        lw      t4, 8(a1)
        lw      t5, 12(a1)
        lw      t6, 16(a1)
        lw      s0, 20(a1)
        lw      s1, 24(a1)
        lw      s2, 28(a1)
        sext.w  s3, a2
        srai    s4, a2, 32
        li      s5, 0
        li      s6, 0
        li      t1, 10
2:
        quarter_round a4, t2, t6, s3
        quarter_round a5, t3, s0, s4
        quarter_round a6, t4, s1, s5
        quarter_round a7, t5, s2, s6
        quarter_round a4, t3, s1, s6
        quarter_round a5, t4, s2, s3
        quarter_round a6, t5, t6, s4
        quarter_round a7, t2, s0, s5
        addi    t1, t1, -1
        bnez    t1, 2b
        finish_constant a4, 0, 0x61707865
        finish_constant a5, 1, 0x3320646e
        finish_constant a6, 2, 0x79622d32
        finish_constant a7, 3, 0x6b206574
        finish_key t2, 4
        finish_key t3, 5
        finish_key t4, 6
        finish_key t5, 7
        finish_key t6, 8
        finish_key s0, 9
        finish_key s1, 10
        finish_key s2, 11
        addw    s3, s3, a2
        store_word s3, 12
        srai    t0, a2, 32
        addw    s4, s4, t0
        store_word s4, 13
        store_word s5, 14
        store_word s6, 15
        addi    a0, a0, 64
        addi    a2, a2, 1
        addi    a3, a3, -1
        bnez    a3, 1b
        li      a4, 0
        li      a5, 0
        li      a6, 0
        li      a7, 0
        li      t2, 0
        li      t3, 0
        li      t4, 0
        li      t5, 0
        li      t6, 0
        li      t0, 0
        ld      s0, 0(sp)
        .cfi_restore s0
        ld      s1, 8(sp)
        .cfi_restore s1
        ld      s2, 16(sp)
        .cfi_restore s2
        ld      s3, 24(sp)
        .cfi_restore s3
        ld      s4, 32(sp)
        .cfi_restore s4
        ld      s5, 40(sp)
        .cfi_restore s5
        ld      s6, 48(sp)
        .cfi_restore s6
        addi    sp, sp, 64
        .cfi_def_cfa_offset 0
4:
        ret
        .cfi_endproc
        .size   vdsokit_chacha20_blocks, . - vdsokit_chacha20_blocks

        .section .note.GNU-stack, "", @progbits
