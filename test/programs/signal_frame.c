/* The frame of a handler is Linux's to the byte, and a forged one harms its process alone. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"

struct record_head {
    uint32_t magic, size;
};

static volatile uint64_t seen_pc, seen_sp, seen_alignment;
static volatile int seen, seen_fpsimd, seen_end;

static void look(int signal, siginfo_t* info, void* context) {
    ucontext_t const* const user = context;
    unsigned char const* const reserved = (unsigned char const*)user->uc_mcontext.__reserved;
    struct record_head head;
    (void)signal;
    (void)info;
    seen = 1;
    seen_pc = user->uc_mcontext.pc;
    seen_sp = user->uc_mcontext.sp;
    seen_alignment = (uint64_t)(uintptr_t)context % 16;
    memcpy(&head, reserved, sizeof(head));
    seen_fpsimd = head.magic == 0x46508001 && head.size == 528;
    /* A CPU with more to save has more records. */
    unsigned at = 528;
    memcpy(&head, reserved + at, sizeof(head));
    while (head.size != 0 && at + head.size < 4096) {
        at += head.size;
        memcpy(&head, reserved + at, sizeof(head));
    }
    seen_end = head.magic == 0 && head.size == 0;
}

static void skip_instruction(int signal, siginfo_t* info, void* context) {
    ucontext_t* const user = context;
    (void)info;
    seen = signal;
    user->uc_mcontext.pc += 4;
}

static void change_register(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    ((ucontext_t*)context)->uc_mcontext.regs[9] = 0x123456789;
}

static void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    sigaction(signal, &action, NULL);
}

static int ends_by(void (*body)(void)) {
    pid_t const child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void forge_mode(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    ((ucontext_t*)context)->uc_mcontext.pstate |= 0x5; /* EL1h */
}

static void forge_record(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    struct record_head const bad = {0x46508001, 0xfffffff0};
    memcpy(((ucontext_t*)context)->uc_mcontext.__reserved, &bad, sizeof(bad));
}

static void forge_no_vectors(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    memset(((ucontext_t*)context)->uc_mcontext.__reserved, 0, 8);
}

static void forge_end(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    /* No end: records of 16 bytes up to the edge. */
    unsigned char* const reserved = (unsigned char*)((ucontext_t*)context)->uc_mcontext.__reserved;
    struct record_head const filler = {0x45535201, 16};
    for (int at = 528; at + 16 <= 4096; at += 16) memcpy(reserved + at, &filler, sizeof(filler));
}

static void with_mode(void) {
    handle(SIGUSR1, forge_mode);
    raise(SIGUSR1);
}
static void with_record(void) {
    handle(SIGUSR1, forge_record);
    raise(SIGUSR1);
}
static void without_vectors(void) {
    handle(SIGUSR1, forge_no_vectors);
    raise(SIGUSR1);
}
static void without_end(void) {
    handle(SIGUSR1, forge_end);
    raise(SIGUSR1);
}
static void return_from_nothing(void) {
    __asm__ volatile("mov x8, #139\n\tmov x0, #0\n\tmov sp, x0\n\tsvc #0"
                     :
                     :
                     : "x0", "x8", "memory");
}
static void return_misaligned(void) {
    __asm__ volatile("mov x8, #139\n\tsub x0, sp, #8\n\tmov sp, x0\n\tsvc #0"
                     :
                     :
                     : "x0", "x8", "memory");
}
static void handle_without_stack(void) {
    handle(SIGUSR1, look);
    register long x8 __asm__("x8") = SYS_tgkill;
    register long x0 __asm__("x0") = getpid();
    register long x1 __asm__("x1") = (long)syscall(SYS_gettid);
    register long x2 __asm__("x2") = SIGUSR1;
    __asm__ volatile("mov x3, #4096\n\tmov sp, x3\n\tsvc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2)
                     : "x3", "memory");
}

int main(void) {
    handle(SIGUSR1, look);
    raise(SIGUSR1);
    check(seen == 1 && seen_fpsimd, "the first record holds the vector registers");
    check(seen_end, "the records come to an end");
    check(seen_alignment == 0, "the context is aligned to 16 bytes");
    check(seen_pc != 0 && seen_sp != 0, "pc and sp are those of the interrupted code");

    handle(SIGILL, skip_instruction);
    seen = 0;
    __asm__ volatile(".inst 0x00000000");
    check(seen == SIGILL, "a handler may skip an instruction that does not exist");
    handle(SIGTRAP, skip_instruction);
    seen = 0;
    __asm__ volatile("brk #7");
    check(seen == SIGTRAP, "brk is SIGTRAP");
    handle(SIGILL, skip_instruction);
    seen = 0;
    __asm__ volatile("mrs x9, ttbr0_el1" : : : "x9");
    check(seen == SIGILL, "a privileged register is SIGILL");

    handle(SIGUSR1, change_register);
    register long x9 __asm__("x9") = 1;
    register long x8 __asm__("x8") = SYS_tgkill;
    register long x0 __asm__("x0") = getpid();
    register long x1 __asm__("x1") = (long)syscall(SYS_gettid);
    register long x2 __asm__("x2") = SIGUSR1;
    x9 = 1;
    x8 = SYS_tgkill;
    __asm__ volatile("svc #0" : "+r"(x0), "+r"(x9) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    check(x9 == 0x123456789, "a register that the handler changes in the frame is changed");

    check(ends_by(with_mode) == SIGSEGV, "a frame that asks for EL1 is SIGSEGV");
    check(ends_by(with_record) == SIGSEGV, "a record larger than the frame is SIGSEGV");
    check(ends_by(without_vectors) == SIGSEGV, "a frame without vector registers is SIGSEGV");
    check(ends_by(without_end) == SIGSEGV, "records without an end are SIGSEGV");
    check(ends_by(return_from_nothing) == SIGSEGV, "sigreturn with a null stack is SIGSEGV");
    check(ends_by(return_misaligned) == SIGSEGV, "sigreturn from a misaligned stack is SIGSEGV");
    check(ends_by(handle_without_stack) == SIGSEGV,
          "a handler without room for its frame is SIGSEGV");
    return result_of_checks();
}
