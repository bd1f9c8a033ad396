/* POSIX threads: locks, conditions, thread data, robust locks, cancellation, many at once. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { workers = 8, rounds = 20000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter;
static __thread long own;
static int turn;

static void* add(void* argument) {
    for (int i = 0; i < rounds; ++i) {
        pthread_mutex_lock(&lock);
        counter += 1;
        pthread_mutex_unlock(&lock);
        own += 1;
    }
    return (void*)(own == rounds ? argument : NULL);
}

static void check_locks(void) {
    pthread_t threads[workers];
    int returned = 1;
    for (long i = 0; i < workers; ++i) pthread_create(&threads[i], NULL, add, (void*)(i + 1));
    for (long i = 0; i < workers; ++i) {
        void* result = NULL;
        pthread_join(threads[i], &result);
        if (result != (void*)(i + 1)) returned = 0;
    }
    check(counter == (long)workers * rounds, "a lock lets one thread count at a time");
    check(returned, "each thread has data of its own and returns its value");
}

static void* take_turns(void* argument) {
    int const me = (int)(long)argument;
    for (int i = 0; i < 500; ++i) {
        pthread_mutex_lock(&lock);
        while (turn != me) pthread_cond_wait(&changed, &lock);
        turn = (me + 1) % 3;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void check_conditions(void) {
    pthread_t threads[3];
    for (long i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, take_turns, (void*)i);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    check(turn == 0, "three threads take 500 turns each");
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 30000000;
    if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec += 1;
    pthread_mutex_lock(&lock);
    check(pthread_cond_timedwait(&changed, &lock, &until) == ETIMEDOUT,
          "a condition that nobody signals ends at its time");
    pthread_mutex_unlock(&lock);
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    clock_gettime(CLOCK_REALTIME, &until);
    check(sem_timedwait(&semaphore, &until) == -1 && errno == ETIMEDOUT, "so does a semaphore");
}

static pthread_mutex_t robust;

static void* die_with_lock(void* argument) {
    pthread_mutex_lock(&robust);
    return argument;
}

static void check_robust(void) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_t thread;
    pthread_create(&thread, NULL, die_with_lock, NULL);
    pthread_join(thread, NULL);
    check(pthread_mutex_lock(&robust) == EOWNERDEAD, "a robust lock tells that its owner died");
    check(pthread_mutex_consistent(&robust) == 0, "and can be made good");
    pthread_mutex_unlock(&robust);
    check(pthread_mutex_lock(&robust) == 0, "and taken again");
}

static void* sleep_for_ever(void* argument) {
    for (;;) pause();
    return argument;
}

static void* count_up(void* argument) {
    __atomic_add_fetch((int*)argument, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void check_many(void) {
    pthread_t thread;
    void* result = NULL;
    pthread_create(&thread, NULL, sleep_for_ever, NULL);
    check(pthread_cancel(thread) == 0 && pthread_join(thread, &result) == 0 &&
              result == PTHREAD_CANCELED,
          "a thread that waits can be cancelled");
    int done = 0;
    int made = 0;
    for (int round = 0; round < 20; ++round) {
        pthread_t some[20];
        int count = 0;
        while (count < 20 && pthread_create(&some[count], NULL, count_up, &done) == 0) count += 1;
        for (int i = 0; i < count; ++i) pthread_join(some[i], NULL);
        made += count;
    }
    check(made == 400 && done == 400, "400 threads run, 20 at a time");
}

static volatile pid_t handler_thread;
static void note_thread(int signal) {
    (void)signal;
    handler_thread = (pid_t)syscall(SYS_gettid);
}

static void* wait_for_signal(void* argument) {
    *(volatile pid_t*)argument = (pid_t)syscall(SYS_gettid);
    while (handler_thread == 0) sched_yield();
    return NULL;
}

static void check_directed(void) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = note_thread;
    sigaction(SIGUSR1, &action, NULL);
    volatile pid_t id = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_signal, (void*)&id);
    while (id == 0) sched_yield();
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    check(handler_thread == id, "a signal for a thread is handled by that thread");
}

static void* exit_all(void* argument) {
    (void)argument;
    _exit(42);
}

static void* execute(void* argument) {
    char* const arguments[] = {argument, (char*)"inner", NULL};
    execv(argument, arguments);
    return NULL;
}

static void check_ends(char* program) {
    pthread_t thread;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        pthread_create(&thread, NULL, exit_all, NULL);
        for (;;) pause();
    }
    waitpid(child, &status, 0);
    check(WIFEXITED(status) && WEXITSTATUS(status) == 42, "exit in one thread ends all");
    child = fork();
    if (child == 0) {
        pthread_create(&thread, NULL, execute, program);
        for (;;) pause();
    }
    waitpid(child, &status, 0);
    check(WIFEXITED(status) && WEXITSTATUS(status) == 43,
          "exec in a thread leaves one thread with the process's id");
    child = fork();
    if (child == 0) {
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
        kill(getpid(), SIGTERM);
        for (;;) pause();
    }
    waitpid(child, &status, 0);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "a deadly signal ends all threads");
}

int main(int count, char** arguments) {
    if (count > 1) return getpid() == (pid_t)syscall(SYS_gettid) ? 43 : 44;
    check_locks();
    check_conditions();
    check_robust();
    check_many();
    check_directed();
    check_ends(arguments[0]);
    return result_of_checks();
}
