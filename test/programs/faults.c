/* Faults: the right signal, code and address, and nobody else is hurt; bad pointers are EFAULT. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static sigjmp_buf back;
static volatile int seen_signal, seen_code;
static void* volatile seen_address;

static void note(int signal, siginfo_t* info, void* context) {
    (void)context;
    seen_signal = signal;
    seen_code = info->si_code;
    seen_address = info->si_addr;
    siglongjmp(back, 1);
}

static int faults(void (*body)(void)) {
    seen_signal = 0;
    if (sigsetjmp(back, 1) == 0) body();
    return seen_signal;
}

static char* page;
static int* volatile nothing = (int*)8; /* volatile: the compiler may not know */
static void read_nothing(void) { (void)*(volatile int*)nothing; }
static void write_nothing(void) { *(volatile int*)(uintptr_t)0xdeadbeef000 = 1; }
static void write_read_only(void) { *(volatile char*)(page + 5) = 1; }
static void jump_to_data(void) { ((void (*)(void))(uintptr_t)page)(); }
static void read_kernel(void) { (void)*(volatile int*)(uintptr_t)0xffff000000000000; }

static volatile int depth;
static int recurse(volatile char* below);
static int (*volatile deeper)(volatile char*) = recurse;
static int recurse(volatile char* below) {
    volatile char here[4096];
    here[0] = *below;
    depth += 1;
    return deeper(here) + here[0];
}
static void overflow(void) {
    char first = 1;
    recurse(&first);
}

static void check_signals(void) {
    static char stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    sigaltstack(&alternate, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(faults(read_nothing) == SIGSEGV && seen_code == SEGV_MAPERR && seen_address == (void*)8,
          "a read of what is not mapped is SEGV_MAPERR at its address");
    check(faults(write_nothing) == SIGSEGV && seen_code == SEGV_MAPERR, "a write likewise");
    check(
        faults(write_read_only) == SIGSEGV && seen_code == SEGV_ACCERR && seen_address == page + 5,
        "a write of what is read-only is SEGV_ACCERR");
    check(faults(jump_to_data) == SIGSEGV && seen_code == SEGV_ACCERR && seen_address == page,
          "so is execution of data");
    check(faults(read_kernel) == SIGSEGV, "a read of the kernel's half is SIGSEGV");
    check(faults(overflow) == SIGSEGV && depth > 100,
          "endless recursion is SIGSEGV, and is survived");
}

static void check_default(void) {
    pid_t const child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGSEGV, SIG_IGN);
        read_nothing();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "a fault cannot be ignored");
}

static void check_pointers(void) {
    static long const calls[][4] = {
        {SYS_rt_sigaction, SIGUSR1, 16, 0},
        {SYS_rt_sigprocmask, 0, 16, 0},
        {SYS_rt_sigsuspend, 16, 8, 0},
        {SYS_sigaltstack, 16, 0, 0},
        {SYS_uname, 16, 0, 0},
        {SYS_sysinfo, 16, 0, 0},
        {SYS_times, 16, 0, 0},
        {SYS_getrusage, 0, 16, 0},
        {SYS_getrandom, 16, 8, 0},
        {SYS_getitimer, 0, 16, 0},
        {SYS_setitimer, 0, 16, 0},
        {SYS_getresuid, 16, 16, 16},
        {SYS_sched_getaffinity, 0, 8, 16},
        {SYS_timer_create, 1, 16, 16},
        {SYS_waitid, 0, 0, 16},
        {SYS_prctl, 16 /* PR_GET_NAME */, 16, 0},
        {SYS_prlimit64, 0, 0, 16},
        {SYS_getcpu, 16, 16, 0},
        {SYS_rt_sigqueueinfo, 1, SIGUSR1, 16},
    };
    int right = 1;
    pid_t const child = fork();
    if (child == 0) _exit(0);
    for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); ++i) {
        long const fourth = calls[i][0] == SYS_waitid ? WEXITED : 8;
        long const result =
            syscall(calls[i][0], calls[i][1], calls[i][2], calls[i][3], fourth, 0, 0);
        if (result != -1 || errno != EFAULT) {
            printf("system call %ld: %ld, errno %d\n", calls[i][0], result, errno);
            right = 0;
        }
    }
    while (wait(NULL) > 0) continue;
    check(right, "bad pointers are EFAULT");
    check(syscall(5000) == -1 && errno == ENOSYS, "a call that does not exist is ENOSYS");
    check(syscall(-1) == -1 && errno == ENOSYS, "so is call -1");
}

static void check_forks(void) {
    int count = 0;
    pid_t first = 0;
    int refused = 0;
    int pipe_ends[2];
    char byte;
    if (pipe(pipe_ends) != 0) return;
    while (count < 1200) {
        pid_t const child = fork();
        if (child == 0) {
            close(pipe_ends[1]);
            _exit(read(pipe_ends[0], &byte, 1) == 0 ? 0 : 1);
        }
        if (child < 0) {
            refused = errno;
            break;
        }
        if (first == 0) first = child;
        count += 1;
    }
    check(count == 1200 || refused == EAGAIN || refused == ENOMEM,
          "forks end by EAGAIN or ENOMEM alone");
    check(count > 1000, "more than a thousand processes live at once");
    close(pipe_ends[1]);
    close(pipe_ends[0]);
    int ended = 0;
    int status;
    while (wait(&status) > 0)
        if (status == 0) ended += 1;
    check(ended == count, "and all of them end well");
}

int main(void) {
    check_signals();
    check_default();
    check_pointers();
    check_forks();
    return result_of_checks();
}
