// SPDX-License-Identifier: BSD-2-Clause
// wall_clocks STATUS: prints the year that each way to ask for the wall clock tells, then whether the
// monotonic clocks agree with each other, and exits with STATUS. `wall_clocks raw` asks by the
// system call, which no vDSO sees.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int year_of(time_t seconds) { return gmtime(&seconds)->tm_year + 1900; }

static struct timespec now_of(clockid_t clock) {
    struct timespec now = {0, 0};
    if (clock_gettime(clock, &now) != 0) exit(99);
    return now;
}

int main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "raw") == 0) {
        struct timespec now;
        return (int)syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    }
    struct timeval coarse;
    gettimeofday(&coarse, NULL);
    printf("%d %d %d %d %d", year_of(time(NULL)), year_of(coarse.tv_sec),
           year_of(now_of(CLOCK_REALTIME).tv_sec), year_of(now_of(CLOCK_REALTIME_COARSE).tv_sec),
           year_of(now_of(CLOCK_TAI).tv_sec));
    long long const apart =
        (long long)now_of(CLOCK_BOOTTIME).tv_sec - now_of(CLOCK_MONOTONIC).tv_sec;
    printf(" %s\n", apart >= 0 ? "monotonic" : "apart");
    return argc > 1 ? atoi(argv[1]) : 0;
}
