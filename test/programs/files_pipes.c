/* Pipes and fifos: what blocks, what is atomic, who is told when the other end goes. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static char bytes[200000];
static volatile sig_atomic_t signals;

static void count(int number) { (void)number, signals += 1; }

static int fails(long result, int error) { return result == -1 && errno == error; }

static void handle(int number, int flags) {
    struct sigaction const action = {.sa_handler = count, .sa_flags = flags};
    sigaction(number, &action, NULL);
}

static void rest(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static int ready(int file, int events) {
    struct pollfd row = {file, (short)events, 0};
    return poll(&row, 1, 0) < 0 ? -1 : row.revents;
}

static int exit_status(pid_t child) {
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static void basics(void) {
    int ends[2];
    struct stat status;
    check(pipe2(ends, O_CLOEXEC) == 0 && fcntl(ends[0], F_GETFD) == FD_CLOEXEC,
          "pipe2 with O_CLOEXEC");
    check(fstat(ends[0], &status) == 0 && S_ISFIFO(status.st_mode), "is a fifo");
    check(fails(lseek(ends[0], 0, SEEK_CUR), ESPIPE) && fails(pread(ends[0], bytes, 1, 0), ESPIPE),
          "has no position: ESPIPE");
    check(fails(write(ends[0], "x", 1), EBADF) && fails(read(ends[1], bytes, 1), EBADF),
          "each end has one way: EBADF");
    check(ready(ends[0], POLLIN) == 0 && ready(ends[1], POLLOUT) == POLLOUT, "empty");
    write(ends[1], "abc", 3);
    int queued = 0;
    check(ioctl(ends[0], FIONREAD, &queued) == 0 && queued == 3, "FIONREAD");
    check(ready(ends[0], POLLIN) == POLLIN, "not empty");
    close(ends[1]);
    check(ready(ends[0], POLLIN) == (POLLIN | POLLHUP), "bytes left and no writer");
    check(read(ends[0], bytes, 100) == 3 && read(ends[0], bytes, 100) == 0,
          "its bytes, then the end");
    check(ready(ends[0], POLLIN) == POLLHUP, "the end alone");
    close(ends[0]);
}

static void full(void) {
    int ends[2];
    pipe2(ends, O_NONBLOCK);
    check(fails(read(ends[0], bytes, 1), EAGAIN), "nothing there: EAGAIN");
    check(fcntl(ends[1], F_GETPIPE_SZ) == 65536, "64 KiB fit");
    check(write(ends[1], bytes, sizeof(bytes)) == 65536, "a large write in part");
    check(fails(write(ends[1], "x", 1), EAGAIN) && ready(ends[1], POLLOUT) == 0, "full: EAGAIN");
    check(read(ends[0], bytes, 4000) == 4000, "room for 4000 bytes");
    check(fails(write(ends[1], bytes, 4096), EAGAIN),
          "PIPE_BUF bytes are whole or nothing: EAGAIN");
    close(ends[0]);
    check((ready(ends[1], POLLOUT) & POLLERR) != 0, "no reader: POLLERR");
    handle(SIGPIPE, 0);
    check(fails(write(ends[1], "x", 1), EPIPE) && signals == 1, "EPIPE and SIGPIPE");
    close(ends[1]);
    pid_t const child = fork();
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        pipe(ends);
        close(ends[0]);
        write(ends[1], "x", 1);
        _exit(1);
    }
    int const status = exit_status(child);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE,
          "which ends a process that does not care");
    check(pipe(ends) == 0 && fcntl(ends[1], F_SETPIPE_SZ, 4096) == 4096 &&
              fcntl(ends[0], F_GETPIPE_SZ) == 4096,
          "F_SETPIPE_SZ");
    close(ends[0]);
    close(ends[1]);
}

static void blocking(void) {
    int ends[2];
    pipe(ends);
    for (size_t at = 0; at < sizeof(bytes); ++at) bytes[at] = (char)(at * 13);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(write(ends[1], bytes, sizeof(bytes)) == sizeof(bytes) ? 0 : 1);
    }
    close(ends[1]);
    static char got[sizeof(bytes)];
    size_t total = 0;
    for (ssize_t part; (part = read(ends[0], got + total, 777)) > 0;) {
        total += (size_t)part;
        if (total > sizeof(got) - 777) break;
    }
    for (ssize_t part; (part = read(ends[0], got + total, sizeof(got) - total)) > 0;)
        total += (size_t)part;
    check(total == sizeof(bytes) && memcmp(got, bytes, total) == 0, "a write larger than the pipe");
    check(exit_status(child) == 0, "and its writer was told all of it went");
    close(ends[0]);

    pipe(ends);
    child = fork();
    if (child == 0) {
        rest(50);
        write(ends[1], "late", 4);
        _exit(0);
    }
    check(read(ends[0], got, 10) == 4, "a read waits");
    exit_status(child);

    handle(SIGALRM, 0);
    signals = 0;
    alarm(1);
    check(fails(read(ends[0], got, 1), EINTR) && signals == 1, "a signal ends the wait: EINTR");
    handle(SIGALRM, SA_RESTART);
    child = fork();
    if (child == 0) {
        rest(1300);
        write(ends[1], "r", 1);
        _exit(0);
    }
    alarm(1);
    check(read(ends[0], got, 1) == 1 && signals == 2, "or not, with SA_RESTART");
    exit_status(child);
    handle(SIGALRM, 0);
    alarm(1);
    ssize_t const part = write(ends[1], bytes, sizeof(bytes));
    check(part == 65536, "a signal ends a write that has begun: the part that went");
    close(ends[0]);
    close(ends[1]);
}

/* Small writes of two processes never mix. */
static void atomic(void) {
    int ends[2];
    pipe(ends);
    for (int who = 0; who < 2; ++who) {
        if (fork() != 0) continue;
        char line[1000];
        memset(line, 'a' + who, sizeof(line));
        for (int at = 0; at < 300; ++at) write(ends[1], line, sizeof(line));
        _exit(0);
    }
    close(ends[1]);
    FILE* const in = fdopen(ends[0], "r");
    char line[1000];
    int lines = 0, mixed = 0;
    while (fread(line, sizeof(line), 1, in) == 1) {
        lines += 1;
        for (size_t at = 1; at < sizeof(line); ++at) mixed += line[at] != line[0];
    }
    fclose(in);
    check(lines == 600 && mixed == 0, "600 writes of two processes, none torn");
    while (wait(NULL) > 0) {}
}

static void fifos(void) {
    char name[64];
    snprintf(name, sizeof(name), "/tmp/fifo-%d", getpid());
    check(mkfifo(name, 0600) == 0 && fails(mkfifo(name, 0600), EEXIST), "mkfifo");
    check(fails(open(name, O_WRONLY | O_NONBLOCK), ENXIO), "no reader: ENXIO");
    pid_t child = fork();
    if (child == 0) {
        int const in = open(name, O_RDONLY);
        char text[8] = "";
        _exit(read(in, text, 8) == 2 && strcmp(text, "hi") == 0 && read(in, text, 8) == 0 ? 0 : 1);
    }
    rest(50);
    int out = open(name, O_WRONLY);
    check(out >= 0 && write(out, "hi", 2) == 2 && close(out) == 0,
          "a writer meets a waiting reader");
    check(exit_status(child) == 0, "which reads what it wrote");
    child = fork();
    if (child == 0) {
        out = open(name, O_WRONLY);
        write(out, "yo", 2);
        _exit(0);
    }
    rest(50);
    int in = open(name, O_RDONLY);
    check(read(in, bytes, 10) == 2 && read(in, bytes, 10) == 0, "a reader meets a waiting writer");
    exit_status(child);
    close(in);
    in = open(name, O_RDONLY | O_NONBLOCK);
    check(in >= 0 && read(in, bytes, 1) == 0 && ready(in, POLLIN) == 0,
          "before the first writer: 0, no POLLHUP");
    out = open(name, O_WRONLY | O_NONBLOCK);
    check(fails(read(in, bytes, 1), EAGAIN), "with a writer: EAGAIN");
    close(out);
    check(ready(in, POLLIN) == POLLHUP, "after it: POLLHUP");
    close(in);
    int const both = open(name, O_RDWR);
    check(both >= 0 && write(both, "z", 1) == 1 && read(both, bytes, 1) == 1,
          "O_RDWR waits for nobody");
    close(both);
    check(unlink(name) == 0, "removed");
}

int main(void) {
    basics();
    full();
    blocking();
    atomic();
    fifos();
    return result_of_checks();
}
