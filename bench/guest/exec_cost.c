// SPDX-License-Identifier: BSD-2-Clause
// exec-cost COUNT: makes COUNT processes that exec this same program, which then ends at once, one
// after the other, and prints the lower quartile of the times of one fork, exec, exit and wait, in ns
// of CLOCK_MONOTONIC: a busy machine makes most of them too long. Where the guest's clock counts
// instructions, it is their number.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static long long one(char const* self) {
    long long const begin = now();
    pid_t const child = fork();
    if (child == 0) {
        execl(self, self, "end", (char*)0);
        _exit(1);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) exit(1);
    return now() - begin;
}

static int compare(void const* a, void const* b) {
    long long const left = *(long long const*)a;
    long long const right = *(long long const*)b;
    return (left > right) - (left < right);
}

int main(int argc, char** argv) {
    enum { count_max = 10000 };
    static long long times[count_max];
    if (argc != 2) return 2;
    if (strcmp(argv[1], "end") == 0) return 0;
    int const count = atoi(argv[1]);
    if (count <= 0 || count > count_max) return 2;
    for (int i = 0; i < 8; ++i) one(argv[0]);  // caches, pools
    for (int i = 0; i < count; ++i) times[i] = one(argv[0]);
    qsort(times, (size_t)count, sizeof times[0], compare);
    printf("%lld\n", times[count / 4]);
    return 0;
}
