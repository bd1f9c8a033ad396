/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a group of processes takes as much for each of many as for each of few, and all that
 * they had comes back. Compares times: to be run where the clocks count instructions. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static long long now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000ll + at.tv_nsec;
}

/* Each is the parent of the next, and all but the first get another parent when theirs ends. */
static void make_chain(int left, volatile int* made) {
    do *made += 1;
    while (--left > 0 && fork() == 0);
    for (;;) pause();
}

/* How a group of `count` ended: ns for each, from the kill to the last wait. */
static long long end_group_of(int count, volatile int* made) {
    *made = 0;
    pid_t const group = fork();
    if (group == 0) {
        setpgid(0, 0);
        make_chain(count, made);
    }
    setpgid(group, group);
    struct timespec const turn = {0, 10000000};
    while (*made < count) nanosleep(&turn, NULL);
    nanosleep(&turn, NULL);
    long long const start = now();
    kill(-group, SIGKILL);
    int ended = 0;
    for (int status; wait(&status) > 0; ++ended)
        if (status != SIGKILL) return -1;
    long long const each = (now() - start) / count;
    if (ended != count || kill(-group, 0) != -1 || errno != ESRCH) return -1;
    printf("group: processes=%d ns-each=%lld\n", count, each);
    return each;
}

static long long free_pages(void) {
    struct sysinfo info;
    sysinfo(&info);
    return (long long)(info.freeram * (unsigned long long)info.mem_unit / 4096);
}

int main(void) {
    int* const made =
        mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long long const few = end_group_of(250, made);
    check(few > 0, "a group is killed, waited for and gone");
    long long const pages = free_pages();
    long long const many = end_group_of(2000, made);
    check(many > 0, "so is a large one");
    long long const lost = pages - free_pages();
    printf("pages: lost=%lld\n", lost);
    check(lost <= 4, "its pages are free again");
    check(many * 10 <= few * 11, "and each of many took no more than each of few");
    return result_of_checks();
}
