// SPDX-License-Identifier: BSD-2-Clause
// Where a signal handler returns to when the process gave no restorer. Unwinders know a signal
// frame by these two instructions at the return address, and look up the address before it: so the
// nop in front is in no function, there is no bti, and no call frame information.
// [Linux arch/arm64/kernel/vdso/sigreturn.S; libgcc config/aarch64/linux-unwind.h]
// The padding behind keeps the function as long as those that patch exported functions need.

        .text
        .balign 16
        .rept   4
        nop
        .endr
        .globl  __kernel_rt_sigreturn
        .type   __kernel_rt_sigreturn, %function
__kernel_rt_sigreturn:
        mov     x8, #139
1:      svc     #0
        nop
        nop
        .size   __kernel_rt_sigreturn, . - __kernel_rt_sigreturn

        .section .vdsokit.traps, "", %progbits
        .4byte  1b
