/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a 32-bit program: kept over switches of threads, calls and handlers, in both
 * instruction sets; and what a handler finds in its frame. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "../check.h"

#define ARM __attribute__((noinline, target("arm")))
#define THUMB __attribute__((noinline, target("thumb")))

/* All 32 double registers and the flags of FPSCR, filled, then held while others run. Returns what
 * has changed: 0. */
ARM static uint32_t hold_vectors(uint32_t seed, uint32_t turns) {
    uint64_t in[32], out[32];
    for (uint32_t i = 0; i < 32; ++i) in[i] = (uint64_t)(seed + i) << 32 | (seed * 31 + i);
    __asm__ volatile(
        "vldmia %0!, {d0-d15}\n\tvldmia %0, {d16-d31}\n\tsub %0, %0, #128\n"
        "1:\tsubs %2, %2, #1\n\tbne 1b\n\t"
        "vstmia %1!, {d0-d15}\n\tvstmia %1, {d16-d31}\n\tsub %1, %1, #128"
        :
        : "r"(in), "r"(out), "r"(turns)
        : "memory", "cc", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11",
          "d12", "d13", "d14", "d15", "d16", "d17", "d18", "d19", "d20", "d21", "d22", "d23", "d24",
          "d25", "d26", "d27", "d28", "d29", "d30", "d31");
    uint32_t changed = 0;
    for (uint32_t i = 0; i < 32; ++i) changed += in[i] != out[i];
    return changed;
}

ARM static uint32_t own_pointer(void) {
    uint32_t value;
    __asm__ volatile("mrc p15, 0, %0, c13, c0, 2" : "=r"(value));
    return value;
}
ARM static void set_own_pointer(uint32_t value) {
    __asm__ volatile("mcr p15, 0, %0, c13, c0, 2" ::"r"(value));
}

static void* work(void* argument) {
    uint32_t const seed = (uint32_t)(uintptr_t)argument;
    void* const thread_pointer = __builtin_thread_pointer();
    uint32_t changed = 0;
    set_own_pointer(seed);
    for (int turn = 0; turn < 20; ++turn) {
        changed += hold_vectors(seed + (uint32_t)turn, 2000000);
        changed += own_pointer() != seed;
        changed += __builtin_thread_pointer() != thread_pointer;
    }
    return (void*)(uintptr_t)changed;
}

static void threads(void) {
    pthread_t others[3];
    uintptr_t changed = 0;
    for (uintptr_t i = 0; i < 3; ++i)
        if (pthread_create(&others[i], NULL, work, (void*)(0x1000 * (i + 1))) != 0) abort();
    changed += (uintptr_t)work((void*)0x9000);
    for (int i = 0; i < 3; ++i) {
        void* result;
        pthread_join(others[i], &result);
        changed += (uintptr_t)result;
    }
    check(changed == 0, "vector registers and thread pointers are each thread's own");
}

static volatile sig_atomic_t handled;
static volatile uint32_t seen_cpsr, seen_r4, seen_pc, seen_thumb;

/* Changes what a handler may change, all of it. */
static void disturb(void) {
    hold_vectors(0xdead0000, 1);
    __asm__ volatile("vmsr fpscr, %0" ::"r"(0xf8000000));
}
ARM static void in_arm(int number) {
    (void)number;
    disturb();
    handled += 1;
}
THUMB static void in_thumb(int number, siginfo_t* info, void* context) {
    mcontext_t const* const machine = &((ucontext_t*)context)->uc_mcontext;
    seen_cpsr = machine->arm_cpsr;
    seen_r4 = machine->arm_r4;
    seen_pc = machine->arm_pc;
    seen_thumb = info->si_signo == number;
    disturb();
    handled += 1;
}

static void handle(int number, void* handler, int flags) {
    struct sigaction action = {.sa_flags = flags};
    if ((flags & SA_SIGINFO) != 0)
        action.sa_sigaction = handler;
    else
        action.sa_handler = handler;
    sigaction(number, &action, NULL);
}

static void handlers(void) {
    struct itimerval const often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
    for (int kind = 0; kind < 2; ++kind) {
        handled = 0;
        handle(SIGALRM, kind == 0 ? (void*)in_arm : (void*)in_thumb, kind == 0 ? 0 : SA_SIGINFO);
        setitimer(ITIMER_REAL, &often, NULL);
        uint32_t changed = 0;
        while (handled < 20) changed += hold_vectors(0x77, 300000);
        setitimer(ITIMER_REAL, &never, NULL);
        check(changed == 0, kind == 0 ? "kept over a plain arm handler"
                                      : "kept over a Thumb handler with a siginfo");
    }
    check(seen_thumb == 1, "which finds its own number there");
    check((seen_cpsr & 0x1f) == 0x10 && (seen_cpsr & 0x1c0) == 0, "and the state of user mode");
}

/* IT blocks are part of the state: an interrupted one goes on where it was. */
THUMB static uint32_t count_in_blocks(uint32_t turns) {
    uint32_t wrong = 0;
    __asm__ volatile(
        "1:\tcmp %1, #0\n\t"
        "itttt ne\n\tsubne %1, %1, #1\n\taddne %0, %0, #1\n\tsubne %0, %0, #1\n\tcmpne %1, #0\n\t"
        "bne 1b"
        : "+r"(wrong), "+r"(turns)
        :
        : "cc");
    return wrong;
}

static void blocks(void) {
    struct itimerval const often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    handled = 0;
    handle(SIGALRM, (void*)in_arm, 0);
    setitimer(ITIMER_REAL, &often, NULL);
    uint32_t wrong = 0;
    while (handled < 50) wrong += count_in_blocks(100000);
    setitimer(ITIMER_REAL, &never, NULL);
    check(wrong == 0, "an IT block goes on after a handler");
}

ARM static long arm_call(uint32_t number) {
    register uint32_t r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = 0;
    register uint32_t r1 __asm__("r1") = 0x11111111, r2 __asm__("r2") = 0x22222222,
                         r12 __asm__("r12") = 0x12121212;
    __asm__ volatile("svc #0" : "+r"(r0), "+r"(r7), "+r"(r1), "+r"(r2), "+r"(r12) : : "memory");
    if (r7 != number || r1 != 0x11111111 || r2 != 0x22222222 || r12 != 0x12121212) return -1;
    return r0;
}

/* The counter that the vDSO reads is there without a call. */
ARM static uint64_t counter(void) {
    uint64_t value;
    __asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(value));
    return value;
}
ARM static uint64_t physical_counter(void) {
    uint64_t value;
    __asm__ volatile("isb\n\tmrrc p15, 0, %Q0, %R0, c14" : "=r"(value));
    return value;
}

int main(void) {
    threads();
    handlers();
    blocks();
    check(arm_call(SYS_getpid) == getpid(), "a call changes r0 alone");
    uint64_t const before = counter(), physical = physical_counter();
    usleep(1000);
    check(counter() > before && physical_counter() > physical, "both counters can be read and run");
    return result_of_checks();
}
