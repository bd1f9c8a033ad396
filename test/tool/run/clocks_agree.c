/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks at the clocks for two seconds: each of ours lies between two system calls, give or take what
   the steering may be off, and none goes back. clocks_agree OFFSET-OF-THE-WALL-CLOCKS */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef long long ns;
static ns of(struct timespec t) { return t.tv_sec * 1000000000LL + t.tv_nsec; }
static ns ours(int clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return of(t);
}
static ns kernels(int clock) {
    struct timespec t;
    syscall(SYS_clock_gettime, clock, &t);
    return of(t);
}

/* The monotonic clock's line of the page: abi/time_page.h. */
static int runs_from_counter(void) {
    FILE* const maps = fopen("/proc/self/maps", "r");
    char line[512];
    while (maps && fgets(line, sizeof line, maps))
        if (strstr(line, "memfd:vdsokit-vdso") && strstr(line, "r--s")) {
            fclose(maps);
            unsigned const state = *(unsigned*)(strtoul(line, 0, 16) + 64 + 64);
            return (state >> 1 & 7) == 1;
        }
    return 0;
}

int main(int argc, char** argv) {
    static int const clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW,
                                 CLOCK_BOOTTIME, CLOCK_TAI};
    ns const offset = argc > 1 ? atoll(argv[1]) * 1000000000LL : 0;
    ns const slack = 20000; /* what a slew of the kernel's own may put between two looks */
    ns last[16] = {0};
    int counted = 0;
    ns const end = kernels(CLOCK_MONOTONIC) + 2000000000LL;
    while (kernels(CLOCK_MONOTONIC) < end) {
        counted |= runs_from_counter();
        for (int round = 0; round < 200; ++round)
            for (unsigned at = 0; at < sizeof clocks / sizeof *clocks; ++at) {
                int const clock = clocks[at];
                int const is_wall = clock == CLOCK_REALTIME || clock == CLOCK_TAI;
                ns const before = kernels(clock);
                ns const now = ours(clock);
                ns const after = kernels(clock);
                if (now < last[clock]) return printf("clock %d went back\n", clock), 1;
                last[clock] = now;
                ns const shifted = now - (is_wall ? offset : 0);
                if (shifted < before - slack || shifted > after + slack)
                    return printf("clock %d: %lld not in %lld..%lld\n", clock, shifted, before,
                                  after),
                           1;
            }
        usleep(1000);
    }
    counted = counted && runs_from_counter();
    printf("counter: %s; no clock goes back; each is the kernel's\n", counted ? "true" : "false");
    return 0;
}
