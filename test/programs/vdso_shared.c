/* SPDX-License-Identifier: BSD-2-Clause */
/* A thousand processes, each of its own exec, alive at once: how many frames one takes, whether all
 * read the time, and whether every frame comes back. The host's line says how many frames of the
 * image there are for all of them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

enum { process_count = 1000 };

static long free_frames(void) {
    FILE* const meminfo = fopen("/proc/meminfo", "r");
    char line[256];
    long kibibytes = -1;
    while (meminfo != NULL && fgets(line, sizeof line, meminfo) != NULL)
        sscanf(line, "MemFree: %ld kB", &kibibytes);
    if (meminfo != NULL) fclose(meminfo);
    return kibibytes / 4;
}

/* Tells that it runs, waits for the word, asks for the time by the vDSO, and ends. */
static int one_of_many(int told, int word) {
    char byte = 1;
    struct timespec now = {0, 0};
    ClockFunction const ask = (ClockFunction)(void*)vdso_function("__kernel_clock_gettime");
    if (write(told, &byte, 1) != 1 || read(word, &byte, 1) != 0) return 1;
    return ask != NULL && ask(CLOCK_MONOTONIC, &now) == 0 && as_nanoseconds(now) > 0 ? 0 : 1;
}

static int start(char const* program, int const told[2], int const word[2]) {
    pid_t const child = fork();
    if (child != 0) return child > 0;
    char told_text[16], word_text[16];
    close(told[0]);
    close(word[1]);
    snprintf(told_text, sizeof told_text, "%d", told[1]);
    snprintf(word_text, sizeof word_text, "%d", word[0]);
    execl(program, program, told_text, word_text, (char*)NULL);
    _exit(127);
}

int main(int argc, char** argv) {
    if (argc == 3) return one_of_many(atoi(argv[1]), atoi(argv[2]));

    int told[2], word[2];
    char byte;
    int status;
    if (pipe(told) != 0 || pipe(word) != 0) return 2;
    /* One first, so that what the host makes once is not counted as a leak. */
    if (!start(argv[0], told, word) || read(told[0], &byte, 1) != 1) return 2;

    long const before = free_frames();
    int started = 0;
    while (started < process_count && start(argv[0], told, word)) {
        if (read(told[0], &byte, 1) != 1) break;
        started += 1;
    }
    check(started == process_count, "a thousand processes run at once");
    long const during = free_frames();
    close(word[0]);
    close(word[1]);
    int right = 0;
    while (wait(&status) > 0)
        if (status == 0) right += 1;
    check(right == process_count + 1, "each read the time from the shared page, and ended well");
    long const after = free_frames();
    printf("frames: each=%ld lost=%ld\n", (before - during) / process_count, before - after);
    check(before > during && after >= before, "every frame came back");
    return result_of_checks();
}
