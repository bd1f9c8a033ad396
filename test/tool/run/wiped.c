/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts without a libc and looks below its stack pointer before anything of its own was there: as an
   exec leaves it, there are zeros. Status 0: so it is. */
__attribute__((noreturn, used)) static void look(unsigned long const* sp) {
    long status = 0;
    for (int at = 64; at < 1500; ++at)
        if (sp[-at] != 0) status = 1;
#if defined(__x86_64__)
    __asm__ volatile("syscall" : : "a"(231L), "D"(status));
#else
    register long number __asm__("x8") = 94;
    register long first __asm__("x0") = status;
    __asm__ volatile("svc #0" : : "r"(number), "r"(first));
#endif
    __builtin_unreachable();
}
#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov %rsp, %rdi\nand $-16, %rsp\ncall look\n");
#else
__asm__(".globl _start\n_start: mov x0, sp\nb look\n");
#endif
