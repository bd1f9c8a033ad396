// SPDX-License-Identifier: BSD-2-Clause
// From the boot loader to kernel_main(). Entered as an arm64 Linux Image is: x0 is the device
// tree's physical address, MMU off, EL1 or EL2. [Linux Documentation/arch/arm64/booting.rst]

.equ sctlr_el1_off,  0x30d00800   // RES1 bits, MMU and caches off
.equ hcr_el2_rw,     1 << 31      // EL1 is AArch64
.equ spsr_el1h,      0x3c5        // EL1 with its own stack pointer, all interrupts masked

    .section .image_header, "ax"
    .global image_start
image_start:
    b entry
    .long 0
    .quad 0                // text_offset: the image wants a multiple of 2 MiB
    .quad image_size
    .quad 0xa              // little-endian, 4 KiB pages, anywhere in memory
    .quad 0, 0, 0
    .ascii "ARM\x64"
    .long 0

entry:
    msr daifset, #0xf
    mov x19, x0
    adrp x20, image_begin
    mrs x0, CurrentEL
    cmp x0, #(2 << 2)
    b.ne in_el1
    bl leave_el2
in_el1:
    ldr x0, =sctlr_el1_off
    msr sctlr_el1, x0
    isb

    // What is written with caches off must not be hidden by stale clean lines later.
    adrp x0, early_begin
    adrp x1, early_end
    bl invalidate_range
    adrp x0, stack_bottom
    adrp x1, stack_top
    mov sp, x1
    bl invalidate_range
    sub sp, sp, #48
    mov x0, sp
    mov x1, x20
    mov x2, x19
    bl prepare_early_map
    adrp x0, early_begin
    adrp x1, early_end
    bl invalidate_range

    ldp x0, x1, [sp]       // EarlyControl: ttbr0, ttbr1, tcr, mair, sctlr
    ldp x2, x3, [sp, #16]
    ldr x4, [sp, #32]
    ldr x5, =high
    msr ttbr0_el1, x0
    msr ttbr1_el1, x1
    msr tcr_el1, x2
    msr mair_el1, x3
    tlbi vmalle1
    ic iallu
    dsb nsh
    isb
    msr sctlr_el1, x4
    isb
    br x5

// x0 to x1: what the caches say about these bytes is forgotten. Changes x2, x3.
invalidate_range:
    mrs x2, ctr_el0
    ubfx x2, x2, #16, #4
    mov x3, #4
    lsl x3, x3, x2
1:  dc ivac, x0
    add x0, x0, x3
    cmp x0, x1
    b.lo 1b
    dsb sy
    ret

// At EL2, as with -machine virtualization=on: nothing that EL1 does traps to EL2 from here on.
leave_el2:
    mov x0, #hcr_el2_rw
    msr hcr_el2, x0
    mov x0, #3             // EL1 may use the physical counter and timer
    msr cnthctl_el2, x0
    msr cntvoff_el2, xzr
    mov x0, #0x33ff
    msr cptr_el2, x0
    msr hstr_el2, xzr
    msr vttbr_el2, xzr
    mrs x0, midr_el1
    msr vpidr_el2, x0
    mrs x0, mpidr_el1
    msr vmpidr_el2, x0
    mrs x0, id_aa64pfr0_el1
    ubfx x0, x0, #24, #4   // a GIC with system registers: EL1 may use them
    cbz x0, 1f
    mrs x0, s3_4_c12_c9_5  // ICC_SRE_EL2
    mov x1, #9             // SRE, Enable
    orr x0, x0, x1
    msr s3_4_c12_c9_5, x0
    isb
    msr s3_4_c12_c11_0, xzr // ICH_HCR_EL2
1:  mov x0, #spsr_el1h
    msr spsr_el2, x0
    msr elr_el2, x30
    isb
    eret

    .text
high:
    // The identity map has served; from now on this half is for processes.
    ldr x0, =empty_root
    ldr x1, =image_begin
    sub x0, x0, x1
    add x0, x0, x20
    msr ttbr0_el1, x0
    isb
    tlbi vmalle1
    dsb nsh
    ldr x0, =vectors
    msr vbar_el1, x0
    msr tpidrro_el0, xzr
    isb
    ldr x0, =stack_top
    mov sp, x0
    ldr x0, =bss_begin
    ldr x1, =bss_end
1:  cmp x0, x1
    b.hs 2f
    stp xzr, xzr, [x0], #16
    b 1b
2:  mov x29, xzr
    mov x30, xzr
    mov x0, x20
    mov x1, x19
    b kernel_main
