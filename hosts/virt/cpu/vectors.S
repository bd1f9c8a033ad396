// SPDX-License-Identifier: BSD-2-Clause
// Exception vectors, and the way back to EL0. While EL0 runs, SP_EL1 points at the thread's
// host::Registers, so that its registers are saved without a free one; the kernel itself always
// starts on an empty stack, for it never returns from an event other than to EL0.

// host::Registers, checked in trap.cc.
.equ at_x30, 240
.equ at_sp, 248
.equ at_pc, 256
.equ at_pstate, 264
.equ at_tls, 272
.equ at_read_only_tls, 280
.equ at_fpsr, 288
.equ at_vector, 304
.equ registers_size, 816

    .text

// The kernel takes no exception on purpose: the first eight and whatever has no handler are faults
// of its own, or of the machine.
    .balign 2048
    .global vectors
vectors:
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7
    .balign 128
    msr tpidr_el1, x0
    mov x0, #\number
    b kernel_exception
    .endr
    .balign 128
    stp x0, x1, [sp, #0]
    ldr x0, =on_user_exception
    b from_user
    .balign 128
    stp x0, x1, [sp, #0]
    ldr x0, =on_user_interrupt
    b from_user
    .irp number, 10, 11
    .balign 128
    msr tpidr_el1, x0
    mov x0, #\number
    b kernel_exception
    .endr
    // From AArch32, which leaves the upper halves of its registers undefined.
    .irp handler, on_user_exception, on_user_interrupt
    .balign 128
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    mov w\number, w\number
    .endr
    stp x0, x1, [sp, #0]
    ldr x0, =\handler
    b from_user
    .endr
    .irp number, 14, 15
    .balign 128
    msr tpidr_el1, x0
    mov x0, #\number
    b kernel_exception
    .endr
    .balign 128

// x0 is the handler; x0 and x1 are saved.
from_user:
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    stp x18, x19, [sp, #144]
    stp x20, x21, [sp, #160]
    stp x22, x23, [sp, #176]
    stp x24, x25, [sp, #192]
    stp x26, x27, [sp, #208]
    stp x28, x29, [sp, #224]
    mrs x1, sp_el0
    stp x30, x1, [sp, #at_x30]
    mrs x1, elr_el1
    mrs x2, spsr_el1
    stp x1, x2, [sp, #at_pc]
    mrs x1, tpidr_el0
    str x1, [sp, #at_tls]
    mrs x1, fpsr
    mrs x2, fpcr
    bfi x1, x2, #32, #32   // fpsr below, fpcr above
    str x1, [sp, #at_fpsr]
    stp q0, q1, [sp, #at_vector]
    stp q2, q3, [sp, #at_vector + 32]
    stp q4, q5, [sp, #at_vector + 64]
    stp q6, q7, [sp, #at_vector + 96]
    stp q8, q9, [sp, #at_vector + 128]
    stp q10, q11, [sp, #at_vector + 160]
    stp q12, q13, [sp, #at_vector + 192]
    stp q14, q15, [sp, #at_vector + 224]
    stp q16, q17, [sp, #at_vector + 256]
    stp q18, q19, [sp, #at_vector + 288]
    stp q20, q21, [sp, #at_vector + 320]
    stp q22, q23, [sp, #at_vector + 352]
    stp q24, q25, [sp, #at_vector + 384]
    stp q26, q27, [sp, #at_vector + 416]
    stp q28, q29, [sp, #at_vector + 448]
    stp q30, q31, [sp, #at_vector + 480]
    ldr x1, =stack_top
    mov sp, x1
    mov x29, xzr
    mov x30, xzr
    br x0

// x0: host::Registers
    .global restore_user
restore_user:
    mov sp, x0
    ldp q0, q1, [sp, #at_vector]
    ldp q2, q3, [sp, #at_vector + 32]
    ldp q4, q5, [sp, #at_vector + 64]
    ldp q6, q7, [sp, #at_vector + 96]
    ldp q8, q9, [sp, #at_vector + 128]
    ldp q10, q11, [sp, #at_vector + 160]
    ldp q12, q13, [sp, #at_vector + 192]
    ldp q14, q15, [sp, #at_vector + 224]
    ldp q16, q17, [sp, #at_vector + 256]
    ldp q18, q19, [sp, #at_vector + 288]
    ldp q20, q21, [sp, #at_vector + 320]
    ldp q22, q23, [sp, #at_vector + 352]
    ldp q24, q25, [sp, #at_vector + 384]
    ldp q26, q27, [sp, #at_vector + 416]
    ldp q28, q29, [sp, #at_vector + 448]
    ldp q30, q31, [sp, #at_vector + 480]
    ldr x1, [sp, #at_fpsr]
    lsr x2, x1, #32
    ubfx x1, x1, #0, #32
    msr fpsr, x1
    msr fpcr, x2
    ldp x1, x2, [sp, #at_tls]
    msr tpidr_el0, x1
    msr tpidrro_el0, x2
    ldp x1, x2, [sp, #at_pc]
    msr elr_el1, x1
    msr spsr_el1, x2
    ldp x30, x1, [sp, #at_x30]
    msr sp_el0, x1
    ldp x28, x29, [sp, #224]
    ldp x26, x27, [sp, #208]
    ldp x24, x25, [sp, #192]
    ldp x22, x23, [sp, #176]
    ldp x20, x21, [sp, #160]
    ldp x18, x19, [sp, #144]
    ldp x16, x17, [sp, #128]
    ldp x14, x15, [sp, #112]
    ldp x12, x13, [sp, #96]
    ldp x10, x11, [sp, #80]
    ldp x8, x9, [sp, #64]
    ldp x6, x7, [sp, #48]
    ldp x4, x5, [sp, #32]
    ldp x2, x3, [sp, #16]
    ldp x0, x1, [sp, #0]
    eret
    // No speculation past the return.
    dsb nsh
    isb

// x0 is the vector's number and TPIDR_EL1 what x0 was. On a stack of its own: the other may be what
// is wrong.
kernel_exception:
    msr tpidrro_el0, x1
    mov x1, sp
    msr sp_el0, x1
    ldr x1, =emergency_stack_top
    mov sp, x1
    sub sp, sp, #registers_size
    mrs x1, tpidrro_el0
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    stp x18, x19, [sp, #144]
    stp x20, x21, [sp, #160]
    stp x22, x23, [sp, #176]
    stp x24, x25, [sp, #192]
    stp x26, x27, [sp, #208]
    stp x28, x29, [sp, #224]
    mrs x2, tpidr_el1
    stp x2, x1, [sp, #0]
    mrs x2, sp_el0
    stp x30, x2, [sp, #at_x30]
    mrs x2, elr_el1
    mrs x3, spsr_el1
    stp x2, x3, [sp, #at_pc]
    mov x1, sp
    b on_kernel_exception
