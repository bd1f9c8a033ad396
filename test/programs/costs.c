/* SPDX-License-Identifier: BSD-2-Clause */
/* What things cost in the guest, one line each, in ns of its own clock: run as process 1 by
 * bench/hosts.sh. With an argument it is the program that does nothing. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { clock_reads = 20000, system_calls = 1000, programs = 50 };

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void say(char const* name, uint64_t start, int count) {
    uint64_t const each = (now() - start) / (uint64_t)count;
    printf("cost: name=%s ns=%llu\n", name, (unsigned long long)each);
    fflush(stdout);
}

static void run(char* const* argv) {
    pid_t const child = vfork();
    if (child == 0) {
        execv(argv[0], argv);
        _exit(127);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) {
        printf("FAILED: %s\n", argv[0]);
        exit(1);
    }
}

/* From the machine's reset, when the counter stood at 0. */
static void say_boot(void) {
    uint64_t count, frequency;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count));
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
    printf("cost: name=boot ns=%llu\n",
           (unsigned long long)(count / frequency * 1000000000 +
                                count % frequency * 1000000000 / frequency));
}

int main(int argc, char** argv) {
    (void)argv;
    if (argc > 1) return 0;
    say_boot();

    struct timespec time;
    uint64_t start = now();
    for (int i = 0; i < clock_reads; ++i) clock_gettime(CLOCK_MONOTONIC, &time);
    say("clock_by_vdso", start, clock_reads);

    start = now();
    for (int i = 0; i < system_calls; ++i) syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
    say("clock_by_system_call", start, system_calls);

    char* nothing[] = {"/bin/costs", "nothing", NULL};
    run(nothing);
    start = now();
    for (int i = 0; i < programs; ++i) run(nothing);
    say("exec_static", start, programs);

    char* shell[] = {"/bin/sh", "-c",
                     "i=0; while [ $i -lt 50 ]; do /bin/costs nothing; i=$((i + 1)); done", NULL};
    run(shell);
    start = now();
    run(shell);
    say("fork_exec_exit_by_sh", start, programs);
    return 0;
}
