# SPDX-License-Identifier: BSD-2-Clause
# What a process runs between its exec and its first instruction: the steps of hosts/linux/batch.h,
# one of 64 bytes after the other, position-independent. rbx: the step; r12: all results since the
# last branch or-ed, so negative once a call has failed. [System V ABI, AMD64 supplement, A.2.1]
    .section .rodata.vdsokit_batch, "a", @progbits
    .balign 16
    .globl vdsokit_batch_begin, vdsokit_batch_end
    .hidden vdsokit_batch_begin, vdsokit_batch_end
vdsokit_batch_begin:
    mov (%rbx), %rax
    mov 8(%rbx), %rdi
    mov 16(%rbx), %rsi
    mov 24(%rbx), %rdx
    test %rax, %rax
    js 2f
    mov 32(%rbx), %r10
    mov 40(%rbx), %r8
    mov 48(%rbx), %r9
    syscall
    mov %rax, 56(%rbx)
    or %rax, %r12
1:  add $64, %rbx
    jmp vdsokit_batch_begin
2:  mov %rdx, %rcx
    inc %rax
    jnz 3f
    rep movsq               # copy
    jmp 1b
3:  inc %rax
    jnz 4f
    add (%rsi), %rcx        # add
    mov %rcx, (%rdi)
    jmp 1b
4:  inc %rax
    jnz 5f
    mov %rdi, %rbx          # branch
    test %r12, %r12
    cmovs %rsi, %rbx
    xor %r12d, %r12d
    jmp vdsokit_batch_begin
5:  mov %rsi, %r11          # leave; r11 is nobody's across a system call
    xor %eax, %eax
    rep stosq
    xor %ebx, %ebx
    xor %edx, %edx
    xor %esi, %esi
    xor %edi, %edi
    xor %r8d, %r8d
    xor %r9d, %r9d
    xor %r10d, %r10d
    xor %r12d, %r12d
    jmp *%r11
    .balign 8
vdsokit_batch_end:
    .section .note.GNU-stack, "", @progbits
