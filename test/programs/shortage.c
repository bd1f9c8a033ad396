/* SPDX-License-Identifier: BSD-2-Clause */
/* All that files may have, all processes: who asks for more is told what Linux says, nobody else is
 * hurt, and time stays right. The end of the first process ends them all. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static long long nanoseconds(struct timespec const* at) {
    return at->tv_sec * 1000000000ll + at->tv_nsec;
}

/* A reading by the vDSO lies between two by the system call. */
static int time_is_right(void) {
    struct timespec before, between, after;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &before);
    clock_gettime(CLOCK_MONOTONIC, &between);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &after);
    return nanoseconds(&before) <= nanoseconds(&between) &&
           nanoseconds(&between) <= nanoseconds(&after);
}

static int child_ends_well(void) {
    pid_t const child = fork();
    if (child == 0) _exit(time_is_right() ? 0 : 1);
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void take_all_of_files(void) {
    static char const bytes[1 << 16] = {1};
    int const file = open("/tmp/all", O_RDWR | O_CREAT | O_EXCL, 0600);
    while (write(file, bytes, sizeof bytes) > 0) continue;
    check(errno == ENOSPC, "a file that has all that files may have grows no more: ENOSPC");
    check(child_ends_well(), "programs have memory all the same, and their time is right");
    close(file);
    unlink("/tmp/all");
}

/* What the processes of the bomb say to the one that watches. */
struct Shared {
    int refused; /* errno of the first fork that was */
    int wrong;   /* errno of one that no fork may have */
};

static void explode(volatile struct Shared* shared) {
    for (;;) {
        if (fork() >= 0) continue;
        if (errno != EAGAIN && errno != ENOMEM) shared->wrong = errno;
        if (shared->refused == 0) shared->refused = errno;
        pause();
    }
}

static void take_all_processes(void) {
    volatile struct Shared* const shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t const bomb = fork();
    if (bomb == 0) {
        setpgid(0, 0);
        explode(shared);
    }
    setpgid(bomb, bomb);
    int right = 1;
    while (shared->refused == 0) {
        struct timespec const turn = {0, 10000000};
        nanosleep(&turn, NULL);
        right = right && time_is_right();
    }
    check(right, "time is right beside a program that forks without end");
    check(shared->wrong == 0, "its forks end by EAGAIN or ENOMEM alone");
    check(child_ends_well() || errno == EAGAIN || errno == ENOMEM, "and this one's end so too");
}

int main(void) {
    take_all_of_files();
    take_all_processes();
    return result_of_checks();
}
