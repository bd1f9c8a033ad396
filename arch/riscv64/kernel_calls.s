# SPDX-License-Identifier: BSD-2-Clause
# What the kernel is asked in any case: instruction caches of other harts are not within a process's
# reach, and neither which hart it runs on nor what the harts can do is in the time page. The
# arguments are already where the call wants them.
# [Linux arch/riscv/kernel/vdso/flush_icache.S, getcpu.S; uapi/asm/unistd.h, asm-generic/unistd.h]
# The padding keeps each function as long as those that patch exported functions need.

        .macro  kernel_call name, number
        .balign 16
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        li      a7, \number
1:      ecall
        ret
        nop
        .cfi_endproc
        .size   \name, . - \name

        .pushsection .vdsokit.traps, "", @progbits
        .4byte  1b
        .popsection
        .endm

        .text
        .option norvc
        kernel_call __vdso_getcpu, 168
        kernel_call __vdso_flush_icache, 259
        kernel_call __vdso_riscv_hwprobe, 258
