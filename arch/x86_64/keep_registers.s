# SPDX-License-Identifier: BSD-2-Clause
# vdsokit_call_and_keep(kept: rdi, function: rsi, arguments: rdx), for tests: calls the function with
# five arguments and stores every register that it may have changed. What each register is, the test
# does not ask.

        .text
        .globl  vdsokit_call_and_keep
        .type   vdsokit_call_and_keep, @function
vdsokit_call_and_keep:
        pushq   %rbx
        movq    %rdi, %rbx
        movq    %rsi, %rax
        movq    (%rdx), %rdi
        movq    8(%rdx), %rsi
        movq    24(%rdx), %rcx
        movq    32(%rdx), %r8
        movq    16(%rdx), %rdx
        call    *%rax
        movq    %rax, (%rbx)
        movq    %rcx, 8(%rbx)
        movq    %rdx, 16(%rbx)
        movq    %rsi, 24(%rbx)
        movq    %rdi, 32(%rbx)
        movq    %r8, 40(%rbx)
        movq    %r9, 48(%rbx)
        movq    %r10, 56(%rbx)
        movq    %r11, 64(%rbx)
        movdqu  %xmm0, 80(%rbx)
        movdqu  %xmm1, 96(%rbx)
        movdqu  %xmm2, 112(%rbx)
        movdqu  %xmm3, 128(%rbx)
        movdqu  %xmm4, 144(%rbx)
        movdqu  %xmm5, 160(%rbx)
        movdqu  %xmm6, 176(%rbx)
        movdqu  %xmm7, 192(%rbx)
        movdqu  %xmm8, 208(%rbx)
        movdqu  %xmm9, 224(%rbx)
        movdqu  %xmm10, 240(%rbx)
        movdqu  %xmm11, 256(%rbx)
        movdqu  %xmm12, 272(%rbx)
        movdqu  %xmm13, 288(%rbx)
        movdqu  %xmm14, 304(%rbx)
        movdqu  %xmm15, 320(%rbx)
        popq    %rbx
        ret
        .size   vdsokit_call_and_keep, . - vdsokit_call_and_keep

        .section .note.GNU-stack, "", @progbits
