/* Futexes: waits, wakes, bit sets, requeues, time limits on both clocks, errors, shared memory. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static uint32_t word, other;
static uint32_t started;

static long futex(uint32_t* at, int operation, uint32_t value, void const* time, uint32_t* second,
                  uint32_t third) {
    return syscall(SYS_futex, at, operation, value, time, second, third);
}

static void rest(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void* wait_on_word(void* bits) {
    __atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
    long const result =
        futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, (uint32_t)(uintptr_t)bits);
    return (void*)(result == 0 ? 0 : (uintptr_t)errno);
}

static void start(pthread_t* threads, int count, uint32_t bits) {
    started = 0;
    for (int i = 0; i < count; ++i)
        pthread_create(&threads[i], NULL, wait_on_word, (void*)(uintptr_t)bits);
    while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) < (uint32_t)count) rest(1);
    rest(30);
}

static void join(pthread_t const* threads, int count) {
    for (int i = 0; i < count; ++i) pthread_join(threads[i], NULL);
}

static void check_wakes(void) {
    pthread_t threads[4];
    check(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0, "a wake with nobody there is 0");
    start(threads, 4, FUTEX_BITSET_MATCH_ANY);
    check(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 1, "a wake of one wakes one");
    check(futex(&word, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0) == 3,
          "a wake of all wakes the rest");
    join(threads, 4);
    start(threads, 2, 2);
    check(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 1) == 0, "other bits wake nobody");
    check(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 6) == 2,
          "bits that meet wake both");
    join(threads, 2);
    start(threads, 3, FUTEX_BITSET_MATCH_ANY);
    check(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void*)9, &other, 7) == -1 && errno == EAGAIN,
          "a requeue that compares another value is EAGAIN");
    check(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void*)9, &other, 0) == 3,
          "a requeue wakes one and moves two");
    check(futex(&word, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0) == 0,
          "nobody is left at the first word");
    check(futex(&other, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0) == 2, "the two are at the second");
    join(threads, 3);
    start(threads, 2, FUTEX_BITSET_MATCH_ANY);
    other = 5;
    /* other += 3; wakes word's, and other's if it was above 4 */
    uint32_t const operation = FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_GT, 4);
    check(futex(&word, FUTEX_WAKE_OP_PRIVATE, 9, (void*)9, &other, operation) == 2 && other == 8,
          "FUTEX_WAKE_OP changes the second word and wakes the first's");
    join(threads, 2);
    other = 0;
}

static void check_times(void) {
    struct timespec span = {0, 30000000};
    int64_t before = now(CLOCK_MONOTONIC);
    check(futex(&word, FUTEX_WAIT_PRIVATE, 0, &span, NULL, 0) == -1 && errno == ETIMEDOUT,
          "a wait ends with ETIMEDOUT");
    check(now(CLOCK_MONOTONIC) - before >= 30000000, "and not before its time");
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += 30000000;
    if (at.tv_nsec >= 1000000000) at.tv_nsec -= 1000000000, at.tv_sec += 1;
    check(futex(&word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 0, &at, NULL, ~0u) == -1 &&
              errno == ETIMEDOUT,
          "a wait until a realtime instant ends with ETIMEDOUT");
    check(now(CLOCK_REALTIME) >= (int64_t)at.tv_sec * 1000000000 + at.tv_nsec, "and not before it");
    before = now(CLOCK_MONOTONIC);
    check(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, &span, NULL, ~0u) == -1 &&
              errno == ETIMEDOUT && now(CLOCK_MONOTONIC) - before < 20000000,
          "an instant that has been ends the wait at once");
}

static void check_errors(void) {
    struct timespec bad = {0, 1000000000};
    check(futex(&word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0) == -1 && errno == EAGAIN,
          "a word that has changed is EAGAIN");
    check(futex(&word, FUTEX_WAIT_PRIVATE, 0, &bad, NULL, 0) == -1 && errno == EINVAL,
          "a time that is not normal is EINVAL");
    check(futex((uint32_t*)16, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) == -1 && errno == EFAULT,
          "a word that is not mapped is EFAULT");
    check(futex((uint32_t*)((char*)&word + 1), FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) == -1 &&
              errno == EINVAL,
          "a word that is not aligned is EINVAL");
    check(futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 0) == -1 && errno == EINVAL,
          "no bits at all are EINVAL");
    check(futex(&word, 99, 0, NULL, NULL, 0) == -1 && errno == ENOSYS, "operation 99 is ENOSYS");
}

static void ignore(int signal) { (void)signal; }

static void check_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = ignore;
    sigaction(SIGALRM, &action, NULL);
    ualarm(30000, 0);
    check(futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) == -1 && errno == EINTR,
          "a handler ends a wait with EINTR");
    check(futex(&word, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0) == 0, "and it no longer waits");
}

static void check_shared(void) {
    uint32_t* const shared =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t const child = fork();
    if (child == 0) _exit(futex(shared, FUTEX_WAIT, 0, NULL, NULL, 0) == 0 ? 0 : 1);
    long woken = 0;
    for (int i = 0; i < 100 && woken == 0; ++i) {
        rest(10);
        woken = futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
    int status = 1;
    check(woken == 1, "a wake in shared memory reaches another process");
    waitpid(child, &status, 0);
    check(status == 0, "which goes on");
    uint32_t* const own =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t const second = fork();
    if (second == 0) {
        struct timespec span = {0, 200000000};
        _exit(futex(own, FUTEX_WAIT, 0, &span, NULL, 0) == -1 && errno == ETIMEDOUT ? 0 : 1);
    }
    rest(50);
    check(futex(own, FUTEX_WAKE, 1, NULL, NULL, 0) == 0, "private memory is not shared after fork");
    waitpid(second, &status, 0);
    check(status == 0, "and its waiter's time runs out");
}

int main(void) {
    check_wakes();
    check_times();
    check_errors();
    check_signals();
    check_shared();
    return result_of_checks();
}
