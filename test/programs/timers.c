/* Interval timers, POSIX timers, sleeps: never early, counted, on the clock that was named. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static volatile int rung;
static volatile int value_seen;
static volatile int code_seen;

static void ring(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)context;
    rung += 1;
    value_seen = info->si_value.sival_int;
    code_seen = info->si_code;
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void handle(int signal) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = ring;
    action.sa_flags = SA_SIGINFO;
    sigaction(signal, &action, NULL);
}

static void burn(int64_t nanoseconds) {
    int64_t const until = now(CLOCK_PROCESS_CPUTIME_ID) + nanoseconds;
    int64_t const limit = now(CLOCK_MONOTONIC) + 30 * nanoseconds;
    while (now(CLOCK_PROCESS_CPUTIME_ID) < until && now(CLOCK_MONOTONIC) < limit) continue;
}

static void check_interval_timers(void) {
    handle(SIGALRM);
    struct itimerval timer = {{0, 0}, {0, 40000}};
    struct itimerval left;
    int64_t const before = now(CLOCK_MONOTONIC);
    rung = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
    getitimer(ITIMER_REAL, &left);
    check(left.it_value.tv_usec > 0 && left.it_value.tv_usec <= 40000,
          "getitimer says what is left");
    while (rung == 0) pause();
    check(now(CLOCK_MONOTONIC) - before >= 40000000, "ITIMER_REAL is not early");
    timer.it_value.tv_usec = timer.it_interval.tv_usec = 10000;
    rung = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
    while (rung < 5) pause();
    check(1, "an interval timer rings again and again");
    memset(&timer, 0, sizeof(timer));
    setitimer(ITIMER_REAL, &timer, NULL);
    int const stopped_at = rung;
    struct timespec pause_time = {0, 50000000};
    nanosleep(&pause_time, NULL);
    check(rung == stopped_at, "and is stopped by zero");
    check(setitimer(7, &timer, NULL) == -1 && errno == EINVAL, "timer 7 is EINVAL");
    timer.it_value.tv_usec = 1000000;
    check(setitimer(ITIMER_REAL, &timer, NULL) == -1 && errno == EINVAL,
          "a million microseconds are EINVAL");
    handle(SIGPROF);
    rung = 0;
    memset(&timer, 0, sizeof(timer));
    timer.it_value.tv_usec = 30000;
    setitimer(ITIMER_PROF, &timer, NULL);
    nanosleep(&pause_time, NULL);
    check(rung == 0, "ITIMER_PROF does not run while the process sleeps");
    burn(60000000);
    check(rung == 1, "and rings when it has worked");
}

static void check_posix_timers(void) {
    handle(SIGRTMIN);
    timer_t timer;
    struct sigevent event;
    memset(&event, 0, sizeof(event));
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN;
    event.sigev_value.sival_int = 77;
    check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "a timer can be made");
    struct itimerspec when = {{0, 0}, {0, 30000000}};
    struct itimerspec left;
    int64_t const before = now(CLOCK_MONOTONIC);
    rung = 0;
    timer_settime(timer, 0, &when, NULL);
    timer_gettime(timer, &left);
    check(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 30000000,
          "timer_gettime says what is left");
    while (rung == 0) pause();
    check(now(CLOCK_MONOTONIC) - before >= 30000000 && value_seen == 77 && code_seen == SI_TIMER,
          "it rings with its value, and not early");

    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, &old);
    when.it_value.tv_nsec = when.it_interval.tv_nsec = 5000000;
    rung = 0;
    timer_settime(timer, 0, &when, NULL);
    struct timespec pause_time = {0, 60000000};
    nanosleep(&pause_time, NULL);
    memset(&when, 0, sizeof(when));
    timer_settime(timer, 0, &when, NULL);
    sigprocmask(SIG_SETMASK, &old, NULL);
    check(rung <= 2, "a blocked timer's signal waits once");
    check(timer_delete(timer) == 0, "it can be deleted");
    check(syscall(SYS_timer_delete, 12345) == -1 && errno == EINVAL,
          "a timer that is not there is EINVAL");

    struct timespec at;
    check(timer_create(CLOCK_REALTIME, &event, &timer) == 0, "a realtime timer can be made");
    clock_gettime(CLOCK_REALTIME, &at);
    memset(&when, 0, sizeof(when));
    when.it_value = at;
    when.it_value.tv_nsec += 20000000;
    if (when.it_value.tv_nsec >= 1000000000)
        when.it_value.tv_nsec -= 1000000000, when.it_value.tv_sec += 1;
    rung = 0;
    timer_settime(timer, TIMER_ABSTIME, &when, NULL);
    while (rung == 0) pause();
    check(now(CLOCK_REALTIME) >= (int64_t)when.it_value.tv_sec * 1000000000 + when.it_value.tv_nsec,
          "an absolute realtime timer is not early");
    timer_delete(timer);
    check(timer_create((clockid_t)40, &event, &timer) == -1 && errno == EINVAL,
          "clock 40 is EINVAL");
}

static void check_overruns(void) {
    handle(SIGRTMIN);
    timer_t timer;
    struct sigevent event;
    memset(&event, 0, sizeof(event));
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct itimerspec when = {{0, 5000000}, {0, 5000000}};
    timer_settime(timer, 0, &when, NULL);
    struct timespec pause_time = {0, 63000000};
    nanosleep(&pause_time, NULL);
    siginfo_t info;
    sigwaitinfo(&set, &info);
    check(timer_getoverrun(timer) >= 8 && info.si_overrun >= 8,
          "missed rings are counted as overruns");
    timer_delete(timer);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void check_sleeps(void) {
    static clockid_t const clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
    int right = 1;
    for (unsigned i = 0; i < 4; ++i) {
        struct timespec at;
        clock_gettime(clocks[i], &at);
        at.tv_nsec += 15000000;
        if (at.tv_nsec >= 1000000000) at.tv_nsec -= 1000000000, at.tv_sec += 1;
        if (clock_nanosleep(clocks[i], TIMER_ABSTIME, &at, NULL) != 0) right = 0;
        if (now(clocks[i]) < (int64_t)at.tv_sec * 1000000000 + at.tv_nsec) right = 0;
    }
    check(right, "sleeps until an instant are not early on four clocks");
    struct timespec bad = {0, -1};
    check(nanosleep(&bad, NULL) == -1 && errno == EINVAL, "a negative nanosecond is EINVAL");
    check(syscall(SYS_nanosleep, (void*)16, NULL) == -1 && errno == EFAULT,
          "a bad pointer is EFAULT");
    struct timespec brief = {0, 1000000};
    check(clock_nanosleep((clockid_t)77, 0, &brief, NULL) == EINVAL, "clock 77 is EINVAL");
    int64_t const before = now(CLOCK_MONOTONIC);
    for (int i = 0; i < 100; ++i) {
        struct timespec shortest = {0, 1};
        nanosleep(&shortest, NULL);
    }
    check(now(CLOCK_MONOTONIC) - before < 1000000000, "100 sleeps of 1 ns take below a second");
}

static void check_storm(void) {
    handle(SIGALRM);
    pid_t children[4];
    for (int i = 0; i < 4; ++i) {
        children[i] = fork();
        if (children[i] == 0) {
            struct itimerval timer = {{0, 1}, {0, 1}};
            setitimer(ITIMER_REAL, &timer, NULL);
            for (;;) pause();
        }
    }
    struct timespec pause_time = {0, 200000000};
    int64_t const before = now(CLOCK_MONOTONIC);
    nanosleep(&pause_time, NULL);
    burn(10000000);
    check(now(CLOCK_MONOTONIC) - before < 5000000000, "timers of 1 us do not stop the machine");
    for (int i = 0; i < 4; ++i) kill(children[i], SIGKILL);
    for (int i = 0; i < 4; ++i) wait(NULL);
}

int main(void) {
    check_interval_timers();
    check_posix_timers();
    check_overruns();
    check_sleeps();
    check_storm();
    return result_of_checks();
}
