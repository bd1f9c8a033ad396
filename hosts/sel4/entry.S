// SPDX-License-Identifier: BSD-2-Clause
// The root task's first instructions: x0 is the kernel's BootInfo.
    .section .text.entry, "ax"
    .global _start
_start:
    ldr x1, =stack_top
    mov sp, x1
    ldr x1, =thread_block
    msr tpidr_el0, x1
    mov x29, xzr
    mov x30, xzr
    b root_main
