// SPDX-License-Identifier: BSD-2-Clause
// told STATUS: asks libc for the time in every way there is, a thousand times each, prints the last
// answer of each as "name seconds", and exits with STATUS. Fails with 98 where a clock went back.
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static struct timespec by_clock(int clock) {
    struct timespec now = {0, 0};
    if (clock_gettime((clockid_t)clock, &now) != 0) exit(99);
    return now;
}

static struct timespec by_gettimeofday(int unused) {
    struct timeval now;
    (void)unused;
    if (gettimeofday(&now, NULL) != 0) exit(99);
    return (struct timespec){now.tv_sec, now.tv_usec * 1000};
}

static struct timespec by_time(int unused) {
    (void)unused;
    return (struct timespec){time(NULL), 0};
}

struct Way {
    char const* name;
    struct timespec (*ask)(int clock);
    int clock;
};

static struct Way const ways[] = {
    {"realtime", by_clock, CLOCK_REALTIME},
    {"realtime-coarse", by_clock, CLOCK_REALTIME_COARSE},
    {"tai", by_clock, CLOCK_TAI},
    {"gettimeofday", by_gettimeofday, 0},
    {"time", by_time, 0},
    {"monotonic", by_clock, CLOCK_MONOTONIC},
    {"monotonic-coarse", by_clock, CLOCK_MONOTONIC_COARSE},
    {"monotonic-raw", by_clock, CLOCK_MONOTONIC_RAW},
    {"boottime", by_clock, CLOCK_BOOTTIME},
};

int main(int argc, char** argv) {
    for (size_t at = 0; at < sizeof ways / sizeof ways[0]; ++at) {
        struct timespec last = {0, 0};
        for (int left = 1000; left != 0; --left) {
            struct timespec const now = ways[at].ask(ways[at].clock);
            if (now.tv_sec < last.tv_sec ||
                (now.tv_sec == last.tv_sec && now.tv_nsec < last.tv_nsec))
                exit(98);
            last = now;
        }
        printf("%s %lld.%09ld\n", ways[at].name, (long long)last.tv_sec, (long)last.tv_nsec);
    }
    return argc > 1 ? atoi(argv[1]) : 0;
}
