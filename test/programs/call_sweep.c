/* SPDX-License-Identifier: BSD-2-Clause */
/* Every system call number with pointers to nowhere, to the kernel and to read-only memory, each in
 * a process of its own: whatever the call says, the kernel and everybody else go on. */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { call_count = 460 };

/* Ends the machine or the test itself, as it should. */
static int is_left_out(long number) {
    return number == SYS_reboot || number == SYS_kill || number == SYS_tkill ||
           number == SYS_tgkill;
}

static void sweep_one(long number, long a, long b) {
    pid_t const child = fork();
    if (child == 0) {
        alarm(1);
        long const result = syscall(number, a, a, b, a, b, a);
        _exit(result == -1 ? 1 : 0);
    }
    int status;
    /* A call that waits, a stop or a trace is ended from here. */
    for (int turn = 0; waitpid(child, &status, WNOHANG | WUNTRACED) == 0; ++turn) {
        struct timespec {
            long seconds, nanoseconds;
        } const pause = {0, 1000000};
        syscall(SYS_nanosleep, &pause, NULL);
        if (turn == 50) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
    }
}

int main(void) {
    char* const read_only = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char* const last_page =
        mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(last_page + 4096, 4096);
    long const values[] = {16,
                           -1,
                           (long)0xffffffff80000000,
                           (long)0x0000fffffffff000,
                           (long)read_only,
                           (long)(last_page + 4092)};
    long const seconds[] = {16, -1, 1, 4096, LONG_MAX, 8};
    for (unsigned at = 0; at < sizeof(values) / sizeof(values[0]); ++at)
        for (long number = 0; number < call_count; ++number)
            if (!is_left_out(number)) sweep_one(number, values[at], seconds[at]);
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    check(1, "every call was made with every kind of bad pointer, and the kernel goes on");
    return result_of_checks();
}
