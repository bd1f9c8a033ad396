/* Waiting for files: poll, select, epoll, eventfd, timerfd, with time limits and masks. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static volatile sig_atomic_t signals;

static void count(int number) { (void)number, signals += 1; }

static int fails(long result, int error) { return result == -1 && errno == error; }

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void rest(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* A child that writes after a while. */
static pid_t write_later(int file, long milliseconds, uint64_t value) {
    pid_t const child = fork();
    if (child != 0) return child;
    rest(milliseconds);
    _exit(write(file, &value, sizeof(value)) == sizeof(value) ? 0 : 1);
}

static void polling(void) {
    int ends[2], others[2];
    pipe(ends);
    pipe(others);
    struct pollfd rows[4] = {
        {ends[0], POLLIN, 7}, {others[0], POLLIN, 7}, {-1, POLLIN, 7}, {999, POLLIN, 0}};
    check(poll(rows, 3, 0) == 0 && rows[0].revents == 0 && rows[2].revents == 0,
          "nothing is ready");
    check(poll(rows, 4, -1) == 1 && rows[3].revents == POLLNVAL, "what is not open: POLLNVAL");
    long before = now();
    check(poll(rows, 2, 120) == 0 && now() - before >= 119, "the time limit");
    pid_t const child = write_later(others[1], 60, 1);
    check(poll(rows, 2, 5000) == 1 && rows[1].revents == POLLIN && rows[0].revents == 0,
          "one of two becomes ready");
    waitpid(child, NULL, 0);
    check(fails(syscall(SYS_ppoll, rows, 0x7fffffff, NULL, NULL, 8), EINVAL),
          "too many rows: EINVAL");
    check(fails(ppoll(rows, 1, &(struct timespec){0, 1000000000}, NULL), EINVAL),
          "a bad time: EINVAL");
    int const file = open("/dev/null", O_RDWR);
    struct pollfd row = {file, POLLIN | POLLOUT, 0};
    check(poll(&row, 1, -1) == 1 && row.revents == (POLLIN | POLLOUT), "/dev/null is always ready");
    close(file);

    sigset_t blocked, none;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    struct sigaction const action = {.sa_handler = count, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    check(fails(ppoll(rows, 1, NULL, &none), EINTR) && signals == 1,
          "ppoll lets a blocked signal in: EINTR");
    sigset_t after;
    sigprocmask(SIG_BLOCK, NULL, &after);
    check(sigismember(&after, SIGALRM) == 1, "and the old mask is back");
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    close(ends[1]);
    check(poll(rows, 1, -1) == 1 && rows[0].revents == POLLHUP, "POLLHUP is not asked for");
    close(ends[0]);
    close(others[0]);
    close(others[1]);
}

static void selecting(void) {
    int ends[2];
    pipe(ends);
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(ends[0], &in);
    FD_SET(ends[1], &out);
    check(select(ends[1] + 1, &in, &out, NULL, NULL) == 1 && !FD_ISSET(ends[0], &in) &&
              FD_ISSET(ends[1], &out),
          "select tells which");
    write(ends[1], "x", 1);
    FD_SET(ends[0], &in);
    check(select(ends[1] + 1, &in, &out, NULL, NULL) == 2, "and counts both");
    struct timeval limit = {0, 50000};
    read(ends[0], &limit.tv_sec, 1);
    limit.tv_sec = 0;
    long const before = now();
    check(select(ends[1] + 1, &in, NULL, NULL, &limit) == 0 && !FD_ISSET(ends[0], &in) &&
              now() - before >= 49,
          "the time limit clears the sets");
    FD_SET(50, &in);
    check(fails(select(51, &in, NULL, NULL, NULL), EBADF), "what is not open: EBADF");
    check(fails(select(-1, NULL, NULL, NULL, NULL), EINVAL), "a negative count: EINVAL");
    close(ends[0]);
    close(ends[1]);
}

static void counters(void) {
    uint64_t value = 0;
    int const counter = eventfd(3, EFD_NONBLOCK);
    check(read(counter, &value, 8) == 8 && value == 3 && fails(read(counter, &value, 8), EAGAIN),
          "an eventfd is read once");
    check(fails(read(counter, &value, 7), EINVAL), "in 8 bytes: EINVAL");
    value = UINT64_MAX;
    check(fails(write(counter, &value, 8), EINVAL), "the greatest value is refused: EINVAL");
    value = UINT64_MAX - 1;
    check(write(counter, &value, 8) == 8, "the one below is not");
    value = 1;
    check(fails(write(counter, &value, 8), EAGAIN), "no more fits: EAGAIN");
    struct pollfd row = {counter, POLLIN | POLLOUT, 0};
    check(poll(&row, 1, 0) == 1 && row.revents == POLLIN, "full: it can be read alone");
    close(counter);
    int const semaphore = eventfd(2, EFD_SEMAPHORE);
    check(read(semaphore, &value, 8) == 8 && value == 1 && read(semaphore, &value, 8) == 8 &&
              value == 1,
          "EFD_SEMAPHORE takes one at a time");
    pid_t const child = write_later(semaphore, 50, 1);
    check(read(semaphore, &value, 8) == 8 && value == 1, "a read waits");
    waitpid(child, NULL, 0);
    close(semaphore);
}

static void timers(void) {
    uint64_t passed = 0;
    int const timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct itimerspec setting = {{0, 20000000}, {0, 50000000}}, left;
    long before = now();
    check(timerfd_settime(timer, 0, &setting, NULL) == 0 && read(timer, &passed, 8) == 8 &&
              passed == 1 && now() - before >= 49,
          "a timerfd's first time");
    rest(70);
    check(read(timer, &passed, 8) == 8 && passed >= 3, "and those that passed since");
    check(timerfd_gettime(timer, &left) == 0 && left.it_interval.tv_nsec == 20000000 &&
              left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 20000000,
          "what is left");
    struct pollfd row = {timer, POLLIN, 0};
    check(poll(&row, 1, 1000) == 1 && row.revents == POLLIN, "poll waits for it");
    setting = (struct itimerspec){{0, 0}, {0, 0}};
    check(timerfd_settime(timer, 0, &setting, &left) == 0 && left.it_interval.tv_nsec == 20000000 &&
              poll(&row, 1, 50) == 0,
          "disarmed, it is silent");
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    setting.it_value = time;
    check(
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, NULL) == 0 && poll(&row, 1, 1000) == 1,
        "an instant that has passed");
    setting.it_value.tv_nsec = 1000000000;
    check(fails(timerfd_settime(timer, 0, &setting, NULL), EINVAL), "a bad time: EINVAL");
    close(timer);
    int const wall = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += 50000000;
    if (time.tv_nsec >= 1000000000) time.tv_nsec -= 1000000000, time.tv_sec += 1;
    setting = (struct itimerspec){{0, 0}, time};
    check(timerfd_settime(wall, TFD_TIMER_ABSTIME, &setting, NULL) == 0 &&
              fails(read(wall, &passed, 8), EAGAIN),
          "an instant of the wall clock");
    row.fd = wall;
    check(poll(&row, 1, 2000) == 1 && read(wall, &passed, 8) == 8 && passed == 1, "comes");
    close(wall);
    check(fails(timerfd_create(99, 0), EINVAL), "an unknown clock: EINVAL");
}

static int add(int set, int operation, int file, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data.u64 = data};
    return epoll_ctl(set, operation, file, &event);
}

static void watching(void) {
    int const set = epoll_create1(EPOLL_CLOEXEC);
    int ends[2];
    pipe2(ends, O_NONBLOCK);
    struct epoll_event got[4];
    char byte;
    check(add(set, EPOLL_CTL_ADD, ends[0], EPOLLIN, 11) == 0 && epoll_wait(set, got, 4, 0) == 0,
          "nothing yet");
    check(fails(add(set, EPOLL_CTL_ADD, ends[0], EPOLLIN, 11), EEXIST), "once: EEXIST");
    check(fails(add(set, EPOLL_CTL_MOD, ends[1], EPOLLIN, 1), ENOENT), "what is not there: ENOENT");
    check(fails(add(set, EPOLL_CTL_ADD, set, EPOLLIN, 1), EINVAL), "itself: EINVAL");
    int const file = open("/tmp", O_RDONLY);
    check(fails(add(set, EPOLL_CTL_ADD, file, EPOLLIN, 1), EPERM), "a directory: EPERM");
    close(file);
    write(ends[1], "a", 1);
    check(epoll_wait(set, got, 4, -1) == 1 && got[0].events == EPOLLIN && got[0].data.u64 == 11,
          "its data");
    check(epoll_wait(set, got, 4, 0) == 1, "and again, while it is ready");
    check(add(set, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET, 12) == 0 &&
              epoll_wait(set, got, 4, 0) == 1 && epoll_wait(set, got, 4, 0) == 0,
          "EPOLLET tells once");
    write(ends[1], "b", 1);
    check(epoll_wait(set, got, 4, 0) == 1 && got[0].data.u64 == 12, "and once more for more");
    check(add(set, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT, 13) == 0 &&
              epoll_wait(set, got, 4, 0) == 1 && epoll_wait(set, got, 4, 0) == 0,
          "EPOLLONESHOT");
    check(add(set, EPOLL_CTL_MOD, ends[0], EPOLLIN, 14) == 0 && epoll_wait(set, got, 4, 0) == 1,
          "set again");
    while (read(ends[0], &byte, 1) == 1) {}
    long const before = now();
    check(epoll_wait(set, got, 4, 60) == 0 && now() - before >= 59, "the time limit");
    pid_t const child = write_later(ends[1], 50, 1);
    check(epoll_wait(set, got, 4, 5000) == 1, "a wait");
    waitpid(child, NULL, 0);
    int const outer = epoll_create1(0);
    check(add(outer, EPOLL_CTL_ADD, set, EPOLLIN, 20) == 0 && epoll_wait(outer, got, 4, 0) == 1 &&
              got[0].data.u64 == 20,
          "an epoll of epolls");
    check(fails(add(set, EPOLL_CTL_ADD, outer, EPOLLIN, 21), ELOOP), "but no loop: ELOOP");
    close(outer);
    int const copy = dup(ends[0]);
    close(ends[0]);
    check(epoll_wait(set, got, 4, 0) == 1, "a watch lives as long as the file");
    close(copy);
    check(epoll_wait(set, got, 4, 0) == 0, "and no longer");
    check(fails(epoll_wait(set, got, 0, 0), EINVAL), "room for none: EINVAL");
    check(fails(epoll_wait(ends[1], got, 1, 0), EINVAL), "of a pipe: EINVAL");
    close(set);
    close(ends[1]);
}

int main(void) {
    polling();
    selecting();
    counters();
    timers();
    watching();
    return result_of_checks();
}
