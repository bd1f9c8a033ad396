// SPDX-License-Identifier: BSD-2-Clause
// Entered as an arm64 Linux Image is: x0 is the device tree's physical address, MMU off, EL1 or EL2.
// [Linux Documentation/arch/arm64/booting.rst]

.equ sctlr_el1_off,  0x30d00800   // RES1 bits, MMU and caches off
.equ hcr_el2_rw,     1 << 31      // EL1 is AArch64
.equ spsr_el1h,      0x3c5        // EL1 with its own stack pointer, all interrupts masked

    .section .image_header, "ax"
    .global image_start
image_start:
    b entry
    .long 0
    .quad image_offset     // above where the kernel, the tree and the root task go
    .quad image_size
    .quad 0xa              // little-endian, 4 KiB pages, anywhere in memory
    .quad 0, 0, 0
    .ascii "ARM\x64"
    .long 0

entry:
    msr daifset, #0xf
    mov x19, x0
    mrs x0, CurrentEL
    cmp x0, #(2 << 2)
    b.ne in_el1
    bl leave_el2
in_el1:
    ldr x0, =sctlr_el1_off
    msr sctlr_el1, x0
    isb
    adrp x0, stack_top
    mov sp, x0
    adrp x0, bss_begin
    add x0, x0, :lo12:bss_begin
    adrp x1, bss_end
    add x1, x1, :lo12:bss_end
1:  cmp x0, x1
    b.hs 2f
    stp xzr, xzr, [x0], #16
    b 1b
2:  mov x29, xzr
    mov x30, xzr
    mov x0, x19
    adrp x1, image_start
    b loader_main

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
    mov x0, #spsr_el1h
    msr spsr_el2, x0
    msr elr_el2, x30
    isb
    eret

    .text
// turn_on(LoaderControl const*): ttbr0, ttbr1, tcr, mair, sctlr.
    .global turn_on
turn_on:
    ldp x1, x2, [x0]
    ldp x3, x4, [x0, #16]
    ldr x5, [x0, #32]
    msr ttbr0_el1, x1
    msr ttbr1_el1, x2
    msr tcr_el1, x3
    msr mair_el1, x4
    dsb sy
    tlbi vmalle1
    ic iallu
    dsb sy
    isb
    msr sctlr_el1, x5
    isb
    ret

// enter_kernel(KernelStart const*): image start and end, physical minus virtual, entry, device
// tree, its size; then the kernel's own entry.
    .global enter_kernel
enter_kernel:
    mov x9, x0
    dsb sy
    ic iallu
    dsb sy
    isb
    ldp x0, x1, [x9]
    ldp x2, x3, [x9, #16]
    ldp x4, x5, [x9, #32]
    ldr x9, [x9, #48]
    br x9
