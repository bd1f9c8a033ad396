/* SPDX-License-Identifier: BSD-2-Clause */
/* Each function of the vDSO says what its system call says: every clock id, resolution, timezone,
 * and at once after the clock is set or slewed. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

static ClockFunction vdso_gettime, vdso_getres;
static DayFunction vdso_day;

/* The kernel's own convention: 0 or a negative errno. */
static int result_of(long returned) { return returned == 0 ? 0 : -errno; }
static int system_gettime(clockid_t id, struct timespec* time) {
    return result_of(syscall(SYS_clock_gettime, id, time));
}
static int system_getres(clockid_t id, struct timespec* time) {
    return result_of(syscall(SYS_clock_getres, id, time));
}

static int in_order(struct timespec a, struct timespec b) {
    return as_nanoseconds(a) <= as_nanoseconds(b);
}

static int agrees(clockid_t id) {
    struct timespec before = {0, 0}, now = {0, 0}, after = {0, 0};
    struct timespec resolution = {-1, -1}, system_resolution = {-1, -1};
    for (int turn = 0; turn < 200; ++turn) {
        int const first = system_gettime(id, &before);
        int const own = vdso_gettime(id, &now);
        int const last = system_gettime(id, &after);
        if (own != first || own != last) {
            printf("id %d: system call %d, vDSO %d\n", id, first, own);
            return 0;
        }
        if (own == 0 && (!in_order(before, now) || !in_order(now, after))) {
            printf("id %d: %lld, %lld, %lld\n", id, (long long)as_nanoseconds(before),
                   (long long)as_nanoseconds(now), (long long)as_nanoseconds(after));
            return 0;
        }
        if (own == 0 && (now.tv_nsec < 0 || now.tv_nsec >= 1000000000)) return 0;
    }
    int const own = vdso_getres(id, &resolution);
    int const system = system_getres(id, &system_resolution);
    if (own != system ||
        (own == 0 && memcmp(&resolution, &system_resolution, sizeof resolution) != 0)) {
        printf("id %d: resolution by system call %d, %ld ns; by vDSO %d, %ld ns\n", id, system,
               system_resolution.tv_nsec, own, resolution.tv_nsec);
        return 0;
    }
    return own != 0 || resolution.tv_sec > 0 || resolution.tv_nsec > 0;
}

static void check_ids(void) {
    static clockid_t const others[] = {-1,  -2,      -3,          -6,         -7,
                                       -8,  INT_MIN, INT_MIN + 7, INT_MAX,    64,
                                       255, 256,     65536,       0x40000000, 1 << 16 | 1};
    int right = 1;
    for (clockid_t id = 0; id < 32; ++id) right &= agrees(id);
    check(right,
          "ids 0 to 31: system call <= vDSO <= system call, or the same error, and the same "
          "resolution, never 0");
    right = 1;
    for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); ++i) right &= agrees(others[i]);
    check(right, "negative and huge ids likewise");
    check(vdso_getres(CLOCK_MONOTONIC, NULL) == 0, "clock_getres takes a null pointer");
}

static void check_day(void) {
    struct timeval before, now, after;
    int right = 1;
    for (int turn = 0; turn < 1000; ++turn) {
        syscall(SYS_gettimeofday, &before, NULL);
        if (vdso_day(&now, NULL) != 0) right = 0;
        syscall(SYS_gettimeofday, &after, NULL);
        if (timercmp(&before, &now, >) || timercmp(&now, &after, >)) right = 0;
    }
    check(right, "gettimeofday: system call <= vDSO <= system call");
    struct timezone own = {77, 77}, system = {78, 78};
    check(vdso_day(NULL, &own) == 0 && syscall(SYS_gettimeofday, NULL, &system) == 0 &&
              memcmp(&own, &system, sizeof own) == 0,
          "the timezone is the system call's, and the time may be left out");
    check(vdso_day(NULL, NULL) == 0, "so may both");
    struct timezone const wanted = {-60, 0};
    if (syscall(SYS_settimeofday, NULL, &wanted) == 0) {
        check(vdso_day(&now, &own) == 0 && own.tz_minuteswest == -60 && own.tz_dsttime == 0,
              "a timezone that is set is seen");
    }
}

/* In another process, the wall clock by the vDSO in seconds. */
static long seconds_elsewhere(void) {
    int ends[2];
    struct timespec now = {0, 0};
    if (pipe(ends) != 0) return -1;
    pid_t const child = fork();
    if (child == 0) {
        vdso_gettime(CLOCK_REALTIME, &now);
        _exit(write(ends[1], &now, sizeof now) == sizeof now ? 0 : 1);
    }
    waitpid(child, NULL, 0);
    if (read(ends[0], &now, sizeof now) != sizeof now) now.tv_sec = -1;
    close(ends[0]);
    close(ends[1]);
    return now.tv_sec;
}

static int all_agree(void) {
    static clockid_t const clocks[] = {0, 1, 4, 5, 6, 7, 11};
    int right = 1;
    for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); ++i) right &= agrees(clocks[i]);
    return right;
}

static void check_setting(void) {
    struct timespec was, now, monotonic, later;
    vdso_gettime(CLOCK_MONOTONIC, &monotonic);
    vdso_gettime(CLOCK_REALTIME, &was);
    struct timespec const wanted = {.tv_sec = 4102444800, .tv_nsec = 999999999};
    check(clock_settime(CLOCK_REALTIME, &wanted) == 0, "the clock can be set");
    vdso_gettime(CLOCK_REALTIME, &now);
    check(now.tv_sec >= wanted.tv_sec && now.tv_sec < wanted.tv_sec + 60,
          "the vDSO sees it at once");
    vdso_gettime(CLOCK_REALTIME_COARSE, &now);
    check(now.tv_sec >= wanted.tv_sec && now.tv_sec < wanted.tv_sec + 60,
          "by its coarse clock too");
    long const elsewhere = seconds_elsewhere();
    check(elsewhere >= wanted.tv_sec && elsewhere < wanted.tv_sec + 60,
          "and so does another process");
    check(all_agree(), "all clocks agree with their system calls after it");
    vdso_gettime(CLOCK_MONOTONIC, &later);
    check(in_order(monotonic, later) && later.tv_sec < monotonic.tv_sec + 60,
          "the monotonic clock went on");
    clock_settime(CLOCK_REALTIME, &was);

    struct timeval const half_a_second = {0, 500000};
    check(adjtime(&half_a_second, NULL) == 0 && all_agree(),
          "they agree while the clock is slewed");
    struct timex frequency;
    memset(&frequency, 0, sizeof frequency);
    frequency.modes = ADJ_FREQUENCY;
    frequency.freq = -(500 << 16);
    check(adjtimex(&frequency) >= 0 && all_agree(), "and at another frequency");
    frequency.freq = 0;
    adjtimex(&frequency);
}

int main(void) {
    vdso_gettime = (ClockFunction)(void*)vdso_function("__kernel_clock_gettime");
    vdso_getres = (ClockFunction)(void*)vdso_function("__kernel_clock_getres");
    vdso_day = (DayFunction)(void*)vdso_function("__kernel_gettimeofday");
    if (!check(vdso_gettime && vdso_getres && vdso_day, "the vDSO has the three functions"))
        return result_of_checks();
    check_ids();
    check_day();
    check_setting();
    return result_of_checks();
}
