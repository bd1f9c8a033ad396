# SPDX-License-Identifier: BSD-2-Clause
# Where every signal handler returns to: this CPU's Linux has no SA_RESTORER. Unwinders know a signal
# frame by these two instructions at the return address, or by the call frame information, which they
# look up at the address before it: so that begins at the nop, which is in no function.
# [Linux arch/riscv/kernel/vdso/rt_sigreturn.S; libgcc config/riscv/linux-unwind.h]
# The padding behind keeps the function as long as those that patch exported functions need.

        # The interrupted program's registers, from sp: siginfo is 128 bytes, the context's
        # registers 176 into it: pc, x1 to x31, then f0 to f31.
        # [Linux arch/riscv/kernel/signal.c: struct rt_sigframe; uapi/asm/ucontext.h, sigcontext.h]
        .equ    registers, 128 + 176

        .text
        .balign 16
        .cfi_startproc simple
        .cfi_signal_frame
        .cfi_return_column 64   # the pc [RISC-V ELF psABI, DWARF register numbers]
        # The frame's address is the saved x2: DW_CFA_def_cfa_expression, DW_OP_breg2, DW_OP_deref.
        .cfi_escape 0x0f, 4, 0x72, (registers + 16) & 0x7f | 0x80, (registers + 16) >> 7, 0x06
        # Each other register: DW_CFA_expression, DW_OP_breg2.
        .cfi_escape 0x10, 64, 3, 0x72, registers & 0x7f | 0x80, registers >> 7
        .irp    n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        .cfi_escape 0x10, \n, 3, 0x72, (registers + 8 * \n) & 0x7f | 0x80, (registers + 8 * \n) >> 7
        .endr
        .irp    n, 32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63
        .cfi_escape 0x10, \n, 3, 0x72, (registers + 8 * \n) & 0x7f | 0x80, (registers + 8 * \n) >> 7
        .endr
        .option norvc
        nop
        .globl  __vdso_rt_sigreturn
        .type   __vdso_rt_sigreturn, @function
__vdso_rt_sigreturn:
        li      a7, 139
1:      ecall
        nop
        nop
        .size   __vdso_rt_sigreturn, . - __vdso_rt_sigreturn
        .cfi_endproc

        .section .vdsokit.traps, "", @progbits
        .4byte  1b
