/* Clock system calls: every id, bad ids and pointers, setting, slewing, CPU time, order with libc. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int64_t in_nanoseconds(struct timespec time) {
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t kernel_time(clockid_t clock) {
    struct timespec time;
    if (syscall(SYS_clock_gettime, clock, &time) != 0) return -1;
    return in_nanoseconds(time);
}

static int64_t library_time(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) return -1;
    return in_nanoseconds(time);
}

static void check_order(void) {
    static clockid_t const clocks[] = {CLOCK_REALTIME,
                                       CLOCK_MONOTONIC,
                                       CLOCK_MONOTONIC_RAW,
                                       CLOCK_REALTIME_COARSE,
                                       CLOCK_MONOTONIC_COARSE,
                                       CLOCK_BOOTTIME,
                                       CLOCK_TAI};
    int right = 1;
    for (int round = 0; round < 2000; ++round) {
        for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); ++i) {
            int64_t const a = kernel_time(clocks[i]);
            int64_t const b = library_time(clocks[i]);
            int64_t const c = kernel_time(clocks[i]);
            if (a < 0 || a > b || b > c) right = 0;
        }
    }
    check(right, "system call <= library <= system call, on seven clocks");
    right = 1;
    for (int round = 0; round < 2000; ++round) {
        struct timeval a, b;
        syscall(SYS_gettimeofday, &a, NULL);
        gettimeofday(&b, NULL);
        if (a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_usec > b.tv_usec)) right = 0;
    }
    check(right, "gettimeofday never is behind its system call");
}

static void check_ids(void) {
    struct timespec time;
    static int const bad[] = {10, 12, 15, 16, 23, 24, 100, 0x7fffffff};
    int right = 1;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
        if (syscall(SYS_clock_gettime, bad[i], &time) != -1 || errno != EINVAL) right = 0;
        if (clock_gettime(bad[i], &time) != -1 || errno != EINVAL) right = 0;
        if (syscall(SYS_clock_getres, bad[i], &time) != -1 || errno != EINVAL) right = 0;
    }
    check(right, "ids that are none are EINVAL, by system call and library");
    check(syscall(SYS_clock_gettime, 0, (void*)16) == -1 && errno == EFAULT,
          "clock_gettime to a bad pointer is EFAULT");
    check(syscall(SYS_clock_getres, 0, (void*)16) == -1 && errno == EFAULT,
          "clock_getres likewise");
    check(syscall(SYS_gettimeofday, (void*)16, NULL) == -1 && errno == EFAULT,
          "gettimeofday likewise");
    check(syscall(SYS_gettimeofday, NULL, (void*)16) == -1 && errno == EFAULT, "and its timezone");
    check(syscall(SYS_clock_getres, 1, NULL) == 0, "clock_getres may be given no pointer");
    check(clock_getres(CLOCK_MONOTONIC, &time) == 0 && in_nanoseconds(time) > 0,
          "no resolution is 0");
    check(clock_getres(CLOCK_MONOTONIC_COARSE, &time) == 0 && in_nanoseconds(time) > 0,
          "not even that of a coarse clock");
    clockid_t clock;
    check(clock_getcpuclockid(0, &clock) == 0 && library_time(clock) > 0,
          "a process's clock has an id");
    check(clock_getcpuclockid(999999, &clock) == ESRCH,
          "but not that of a process that is not there");
}

static void* spin(void* argument) {
    while (kernel_time(CLOCK_THREAD_CPUTIME_ID) < 200000000) continue;
    return argument;
}

static void check_cpu_time(void) {
    int64_t const own = library_time(CLOCK_THREAD_CPUTIME_ID);
    int64_t const before = library_time(CLOCK_PROCESS_CPUTIME_ID);
    struct timespec pause = {0, 100000000};
    nanosleep(&pause, NULL);
    check(library_time(CLOCK_PROCESS_CPUTIME_ID) - before < 50000000, "a sleep is no CPU time");
    pthread_t thread;
    pthread_create(&thread, NULL, spin, NULL);
    pthread_join(thread, NULL);
    int64_t const both = library_time(CLOCK_PROCESS_CPUTIME_ID) - before;
    check(both >= 200000000, "a thread's work is the process's CPU time");
    // Half of it leaves room for an emulator that is not run for a while.
    check(library_time(CLOCK_THREAD_CPUTIME_ID) - own < both / 2, "but not another thread's");
    pid_t const child = fork();
    if (child == 0) {
        spin(NULL);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    check(
        usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec >= 19000,
        "a child's work is counted when it was waited for");
    struct tms ticks;
    check(times(&ticks) != (clock_t)-1 && ticks.tms_cutime + ticks.tms_cstime >= 1,
          "in times, too");
}

static void check_setting(void) {
    struct timespec was, wanted;
    int64_t const monotonic = library_time(CLOCK_MONOTONIC);
    clock_gettime(CLOCK_REALTIME, &was);
    wanted = was;
    wanted.tv_sec += 1000000;
    if (clock_settime(CLOCK_REALTIME, &wanted) != 0) {
        printf("ok: this kernel does not let the program set the clock\n");
        return;
    }
    check(library_time(CLOCK_REALTIME) - in_nanoseconds(wanted) < 1000000000 &&
              library_time(CLOCK_REALTIME) >= in_nanoseconds(wanted),
          "the library sees a set clock at once");
    check(library_time(CLOCK_MONOTONIC) - monotonic < 1000000000, "monotonic time did not jump");
    /* One who sleeps until a realtime instant wakes when the clock is set past it. */
    pid_t const child = fork();
    if (child == 0) {
        struct timespec until = wanted;
        until.tv_sec += 3000;
        _exit(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) == 0 ? 0 : 1);
    }
    struct timespec pause = {0, 50000000};
    nanosleep(&pause, NULL);
    wanted.tv_sec += 4000;
    clock_settime(CLOCK_REALTIME, &wanted);
    int status = 1;
    waitpid(child, &status, 0);
    check(status == 0, "a sleeper until a realtime instant follows the clock");
    wanted = was;
    clock_settime(CLOCK_REALTIME, &wanted);
    struct timeval half = {0, 500000}, rest = {0, 0};
    check(adjtime(&half, NULL) == 0 && adjtime(NULL, &rest) == 0 && rest.tv_usec > 400000,
          "adjtime slews, and says what is left");
    half.tv_usec = 0;
    adjtime(&half, NULL);
    struct timex timex;
    memset(&timex, 0, sizeof(timex));
    check(adjtimex(&timex) >= 0 && timex.tick == 10000, "adjtimex reads");
    timex.modes = ADJ_FREQUENCY;
    timex.freq = 100 << 16;
    check(adjtimex(&timex) >= 0 && timex.freq == 100 << 16, "and sets the frequency");
    timex.freq = 0;
    adjtimex(&timex);
    timex.modes = ADJ_TAI;
    timex.constant = 37;
    check(adjtimex(&timex) >= 0 && timex.tai == 37, "and the offset of TAI");
    check((library_time(CLOCK_TAI) - library_time(CLOCK_REALTIME) + 500000000) / 1000000000 == 37,
          "by which CLOCK_TAI is ahead");
    check(syscall(SYS_adjtimex, (void*)16) == -1 && errno == EFAULT,
          "adjtimex of a bad pointer is EFAULT");
    struct timespec bad = {-1, 0};
    check(clock_settime(CLOCK_REALTIME, &bad) == -1 && errno == EINVAL,
          "a time before 1970 is EINVAL");
    check(clock_settime(CLOCK_MONOTONIC, &was) == -1 && errno == EINVAL,
          "monotonic time cannot be set");
}

int main(void) {
    check_order();
    check_ids();
    check_cpu_time();
    check_setting();
    return result_of_checks();
}
