/* SPDX-License-Identifier: BSD-2-Clause */
/* What a 32-bit program may try and must not get: each attempt in a child of its own, which ends by
 * the signal that Linux has for it. The parent goes on unharmed. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

#define ARM __attribute__((noinline, target("arm")))
#define THUMB __attribute__((noinline, target("thumb")))

static uintptr_t const helpers = 0xffff0000;
static volatile uintptr_t target; /* volatile: the compiler may not know */

/* How the attempt ended: the signal, or 1000 + the exit status. */
static int fate_of(void (*attempt)(void)) {
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        alarm(20);
        attempt();
        _exit(0);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) return -1;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 1000 + WEXITSTATUS(status);
}

static void ends_by(int fate, void (*attempt)(void), char const* sentence) {
    int const found = fate_of(attempt);
    if (found != fate) printf("(found %d, expected %d)\n", found, fate);
    check(found == fate, sentence);
}

/* Instructions. */
ARM static void undefined_arm(void) { __asm__ volatile("udf #1"); }
THUMB static void undefined_thumb(void) { __asm__ volatile("udf #2"); }
ARM static void break_arm(void) { __asm__ volatile("bkpt #7"); }
THUMB static void break_thumb(void) { __asm__ volatile("bkpt #7"); }
ARM static void debugger_arm(void) { __asm__ volatile(".word 0xe7f001f0"); }
THUMB static void debugger_thumb(void) { __asm__ volatile(".short 0xde01"); }
ARM static void read_system_control(void) {
    __asm__ volatile("mrc p15, 0, r0, c1, c0, 0" ::: "r0");
}
ARM static void write_thread_pointer(void) {
    __asm__ volatile("mcr p15, 0, %0, c13, c0, 3" ::"r"(0));
}
ARM static void use_a_timer(void) { __asm__ volatile("mcr p15, 0, %0, c14, c2, 1" ::"r"(1)); }
ARM static void read_the_debug_channel(void) {
    __asm__ volatile("mrc p14, 0, r0, c0, c5, 0" ::: "r0");
}
/* setend be: refused, or where the emulator lets it pass gone after the next call. */
ARM static void become_big_endian(void) {
    uint32_t state;
    __asm__ volatile(".word 0xf1010200\n\tmov r7, #20\n\tsvc #0\n\tmrs %0, cpsr"
                     : "=r"(state)
                     :
                     : "r0", "r7");
    if ((state & (1 << 9)) != 0) _exit(3);
}
ARM static void call_a_hypervisor(void) { __asm__ volatile(".word 0xe1400070"); /* hvc #0 */ }
ARM static void call_firmware(void) { __asm__ volatile(".word 0xe1600070"); /* smc #0 */ }
/* From user mode it changes the flags alone. */
ARM static void become_privileged(void) {
    uint32_t state;
    __asm__ volatile("msr cpsr_cxsf, %1\n\tmrs %0, cpsr" : "=r"(state) : "r"(0x800001d3) : "cc");
    if ((state & 0x1f) != 0x10) _exit(3);
    __asm__ volatile("mrc p15, 0, r0, c1, c0, 0" ::: "r0");
}
ARM static void return_from_no_exception(void) {
    __asm__ volatile(".word 0xe25ef000"); /* subs pc, lr, #0 */
}

/* Addresses. */
static void write_there(void) { *(volatile uint32_t*)target = 1; }
static void read_there(void) { *(volatile uint32_t const*)target; }
static void jump_there(void) { ((void (*)(void))target)(); }
ARM static void load_pair_there(void) {
    __asm__ volatile("ldrd r0, r1, [%0]" ::"r"(target) : "r0", "r1");
}
ARM static void load_many_there(void) {
    __asm__ volatile("ldmia %0, {r0, r1}" ::"r"(target) : "r0", "r1");
}
ARM static void exclusive_there(void) { __asm__ volatile("ldrex r0, [%0]" ::"r"(target) : "r0"); }

static void at(int fate, uintptr_t address, void (*attempt)(void), char const* sentence) {
    target = address;
    ends_by(fate, attempt, sentence);
}

/* The kernel's number in r7 and two arguments. */
ARM static long by_number(uint32_t number, uintptr_t first, uintptr_t second) {
    register uint32_t r7 __asm__("r7") = number;
    register uintptr_t r0 __asm__("r0") = first;
    register uintptr_t r1 __asm__("r1") = second;
    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1) : "memory");
    return (long)r0;
}

ARM static void return_from_no_signal(void) {
    __asm__ volatile("mov sp, %0\n\tmov r7, #119\n\tsvc #0" ::"r"(16));
}
static char forged[1024] __attribute__((aligned(8)));
ARM static void return_to_kernel_mode(void) {
    /* A frame of zeros: its cpsr says AArch64. */
    __asm__ volatile("mov sp, %0\n\tmov r7, #173\n\tsvc #0" ::"r"(forged));
}
static void nothing(int number) { (void)number; }
ARM static void take_a_signal_without_a_stack(void) {
    signal(SIGALRM, nothing);
    pid_t const self = getpid();
    __asm__ volatile("mov sp, %0\n\tmov r0, %1\n\tmov r1, #14\n\tmov r7, #37\n\tsvc #0" ::"r"(16),
                     "r"(self)
                     : "r0", "r1");
}

static void instructions(void) {
    ends_by(SIGILL, undefined_arm, "an undefined arm instruction");
    ends_by(SIGILL, undefined_thumb, "an undefined Thumb instruction");
    ends_by(SIGTRAP, break_arm, "bkpt in arm code");
    ends_by(SIGTRAP, break_thumb, "bkpt in Thumb code");
    ends_by(SIGTRAP, debugger_arm, "a debugger's breakpoint in arm code");
    ends_by(SIGTRAP, debugger_thumb, "a debugger's breakpoint in Thumb code");
    ends_by(SIGILL, read_system_control, "a privileged register");
    ends_by(SIGILL, write_thread_pointer, "the read-only thread pointer cannot be written");
    ends_by(SIGILL, use_a_timer, "no timer is a program's");
    ends_by(SIGILL, read_the_debug_channel, "nor the debug channel");
    int const fate = fate_of(become_big_endian);
    check(fate == SIGILL || fate == 1000, "no big-endian state");
    ends_by(SIGILL, call_a_hypervisor, "no hvc");
    ends_by(SIGILL, call_firmware, "no smc");
    ends_by(SIGILL, become_privileged, "a program cannot leave user mode");
    check(fate_of(return_from_no_exception) != -1, "an exception return in user mode does no harm");
}

static void addresses(void) {
    at(SIGSEGV, 0, write_there, "address 0 cannot be written");
    at(SIGSEGV, 0, jump_there, "nor jumped to");
    at(SIGSEGV, 0xfffff000, read_there, "nothing is on the last page");
    at(SIGSEGV, 0xffff1000, jump_there, "nor behind the helpers");
    at(SIGSEGV, 0xfffffffc, jump_there, "a jump to the end of four GiB goes no further");
    at(SIGSEGV, 0xfffffffe, jump_there, "nor does one that would wrap around");
    check(fate_of(read_there) == SIGSEGV || fate_of(read_there) == SIGBUS,
          "a load across four GiB finds nothing");
    static uint32_t words[4] = {0xe12fff1e};
    at(SIGSEGV, (uintptr_t)words, jump_there, "data is not executed");
    at(SIGSEGV, (uintptr_t)&check, write_there, "code is not written");
    at(SIGBUS, (uintptr_t)words + 2, load_pair_there, "an unaligned ldrd is SIGBUS");
    at(SIGBUS, (uintptr_t)words + 1, load_many_there, "an unaligned ldm is SIGBUS");
    at(SIGBUS, (uintptr_t)words + 1, exclusive_there, "an unaligned ldrex is SIGBUS");
    at(SIGSEGV, helpers, write_there, "the helpers cannot be written");
    check(mprotect((void*)helpers, 4096, PROT_READ | PROT_WRITE) == -1, "nor made writable");
    check(munmap((void*)helpers, 4096) == -1, "nor taken away");
    check(mmap((void*)helpers, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
              MAP_FAILED,
          "nor replaced");
    void* const page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(mremap(page, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, (void*)0xfffff000) == MAP_FAILED,
          "nothing moves above them");
    uintptr_t const vdso = getauxval(AT_SYSINFO_EHDR);
    if (vdso == 0) return;
    at(SIGSEGV, vdso, write_there, "the vDSO's code cannot be written");
    at(SIGSEGV, vdso + 4096, write_there, "nor its time page");
    at(SIGSEGV, vdso + 4096, jump_there, "which is not executed either");
    at(1000, vdso + 4096, read_there, "but read");
    check(mprotect((void*)vdso, 8192, PROT_READ | PROT_WRITE) == -1, "mprotect changes neither");
}

static void system_calls(void) {
    static uint32_t const wild[] = {0,       17,      223,     463,        480,        0xf0000,
                                    0xf0001, 0xf0007, 0xf07ff, 0x7fffffff, 0x80000000, 0xffffffff};
    int refused = 0;
    for (unsigned i = 0; i < sizeof(wild) / sizeof(wild[0]); ++i)
        refused += by_number(wild[i], 1, 2) == -ENOSYS;
    check(refused == sizeof(wild) / sizeof(wild[0]), "wild numbers are ENOSYS");
    static uintptr_t const bad[] = {1, 4095, 0xffff0000, 0xfffffffc, 0xffffffff};
    unsigned faults = 0;
    for (unsigned i = 0; i < 5; ++i) {
        faults += by_number(263, 1, bad[i]) == -EFAULT; /* clock_gettime */
        faults += by_number(403, 1, bad[i]) == -EFAULT; /* clock_gettime64 */
        faults += by_number(197, 0, bad[i]) == -EFAULT; /* fstat64 */
        faults += by_number(162, bad[i], 0) == -EFAULT || bad[i] == 0xffff0000; /* nanosleep */
        faults += by_number(78, bad[i], 0) == -EFAULT;                          /* gettimeofday */
    }
    check(faults == 25, "bad pointers are EFAULT");
    check(by_number(0xf0002, 0, 0xffffffff) == 0 || errno != 0, "cacheflush of everything returns");
    ends_by(SIGSEGV, return_from_no_signal, "sigreturn without a frame");
    ends_by(SIGSEGV, return_to_kernel_mode, "rt_sigreturn from a forged one");
    ends_by(SIGSEGV, take_a_signal_without_a_stack, "a signal where there is no stack");
}

/* What programs for older CPUs call. */
static void helper_page(void) {
    int (*const compare_set)(int, int, volatile int*) = (void*)(helpers + 0xfc0);
    int (*const compare_set64)(int64_t const*, int64_t const*, volatile int64_t*) =
        (void*)(helpers + 0xf60);
    void (*const barrier)(void) = (void*)(helpers + 0xfa0);
    void* (*const thread_pointer)(void) = (void*)(helpers + 0xfe0);
    volatile int word = 5;
    check(compare_set(4, 9, &word) != 0 && word == 5, "compare and set of another value");
    check(compare_set(5, 9, &word) == 0 && word == 9, "compare and set");
    volatile int64_t wide = 0x500000001;
    int64_t const old = 0x500000001, other = 0x400000001, new = 0x900000002;
    check(compare_set64(&other, &new, &wide) != 0 && wide == old, "of 64 bits, another value");
    check(compare_set64(&old, &new, &wide) == 0 && wide == new, "of 64 bits");
    barrier();
    check(thread_pointer() == __builtin_thread_pointer(), "the thread pointer");
    check(*(int const*)(helpers + 0xffc) >= 5, "their number");
}

int main(void) {
    instructions();
    addresses();
    system_calls();
    helper_page();
    return result_of_checks();
}
