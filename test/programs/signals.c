/* Handlers run with the right arguments, masks, stacks and returns; waits end as POSIX says. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"

static volatile sig_atomic_t handled;
static volatile sig_atomic_t last_signal;
static volatile int last_code;
static volatile pid_t last_sender;
static volatile int last_value;
static volatile int on_stack;
static char alternate[65536];

static void count(int signal) {
    handled += 1;
    last_signal = signal;
}

static void inform(int signal, siginfo_t* info, void* context) {
    char here;
    handled += 1;
    last_signal = signal;
    last_code = info->si_code;
    last_sender = info->si_pid;
    last_value = info->si_value.sival_int;
    on_stack = &here >= alternate && &here < alternate + sizeof(alternate);
    ((ucontext_t*)context)->uc_flags = 0;
}

static void handle(int signal, void (*simple)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = simple;
    action.sa_flags = flags;
    sigaction(signal, &action, NULL);
}

static void handle_info(int signal, int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = inform;
    action.sa_flags = SA_SIGINFO | flags;
    sigaction(signal, &action, NULL);
}

static void check_basics(void) {
    handle(SIGUSR1, count, 0);
    handled = 0;
    raise(SIGUSR1);
    check(handled == 1 && last_signal == SIGUSR1, "raise runs the handler before it returns");
    handle_info(SIGUSR2, 0);
    kill(getpid(), SIGUSR2);
    check(last_signal == SIGUSR2 && last_code == SI_USER && last_sender == getpid(),
          "siginfo names the sender of kill");
    union sigval value = {.sival_int = 4711};
    sigqueue(getpid(), SIGUSR2, value);
    check(last_code == SI_QUEUE && last_value == 4711, "sigqueue carries its value");
    check(kill(getpid(), 65) == -1 && errno == EINVAL, "signal 65 does not exist");
    check(kill(999999, 0) == -1 && errno == ESRCH, "kill of nobody is ESRCH");
    check(kill(getpid(), 0) == 0, "signal 0 asks whether the process is there");
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = count;
    check(sigaction(SIGKILL, &action, NULL) == -1 && errno == EINVAL, "SIGKILL has no handler");
}

static void check_masks(void) {
    sigset_t set, old, waiting;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    handled = 0;
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigpending(&waiting);
    check(handled == 0 && sigismember(&waiting, SIGUSR1), "a blocked signal waits");
    sigprocmask(SIG_SETMASK, &old, NULL);
    check(handled == 1, "a standard signal sent twice is delivered once when it is unblocked");

    int const realtime = SIGRTMIN + 1;
    handle_info(realtime, 0);
    sigemptyset(&set);
    sigaddset(&set, realtime);
    sigprocmask(SIG_BLOCK, &set, &old);
    handled = 0;
    for (int i = 1; i <= 3; ++i) {
        union sigval value = {.sival_int = i};
        sigqueue(getpid(), realtime, value);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    check(handled == 3, "a realtime signal sent three times is delivered three times");

    sigprocmask(SIG_BLOCK, &set, &old);
    union sigval value = {.sival_int = 99};
    sigqueue(getpid(), realtime, value);
    siginfo_t info;
    struct timespec soon = {0, 20000000};
    check(sigtimedwait(&set, &info, &soon) == realtime && info.si_value.sival_int == 99,
          "sigtimedwait takes a signal that waits");
    check(sigtimedwait(&set, &info, &soon) == -1 && errno == EAGAIN,
          "sigtimedwait ends at its time");
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void nested(int signal) {
    sigset_t now;
    handled += 1;
    sigprocmask(SIG_BLOCK, NULL, &now);
    if (!sigismember(&now, signal)) handled += 100;
    if (handled < 3) raise(signal);
}

static void check_flags(void) {
    handled = 0;
    handle(SIGUSR1, nested, 0);
    raise(SIGUSR1);
    check(handled == 3, "a signal is blocked in its own handler and follows when that returns");

    handle(SIGUSR1, count, (int)SA_RESETHAND);
    raise(SIGUSR1);
    struct sigaction now;
    sigaction(SIGUSR1, NULL, &now);
    check(now.sa_handler == SIG_DFL, "SA_RESETHAND leaves the default action");

    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof(alternate)};
    check(sigaltstack(&stack, NULL) == 0, "an alternate stack can be given");
    handle_info(SIGUSR2, SA_ONSTACK);
    raise(SIGUSR2);
    check(on_stack, "SA_ONSTACK runs the handler there");
    handle_info(SIGUSR2, 0);
    raise(SIGUSR2);
    check(!on_stack, "without it the handler runs on the normal stack");
    stack.ss_size = 100;
    check(sigaltstack(&stack, NULL) == -1 && errno == ENOMEM, "a stack of 100 bytes is too small");
}

static void kill_soon(pid_t target, int signal) {
    if (fork() != 0) return;
    struct timespec pause = {0, 50000000};
    nanosleep(&pause, NULL);
    kill(target, signal);
    _exit(0);
}

static void check_waits(void) {
    int ends[2];
    char byte;
    if (pipe(ends) != 0) return;
    handle(SIGUSR1, count, 0);
    kill_soon(getpid(), SIGUSR1);
    check(read(ends[0], &byte, 1) == -1 && errno == EINTR, "a handler ends a read with EINTR");
    wait(NULL);

    handle(SIGUSR1, count, SA_RESTART);
    pid_t const writer = fork();
    if (writer == 0) {
        struct timespec pause = {0, 50000000};
        nanosleep(&pause, NULL);
        kill(getppid(), SIGUSR1);
        nanosleep(&pause, NULL);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    handled = 0;
    check(read(ends[0], &byte, 1) == 1 && handled == 1, "SA_RESTART makes the read again");
    waitpid(writer, NULL, 0);

    kill_soon(getpid(), SIGUSR1);
    struct pollfd entry = {.fd = ends[0], .events = POLLIN};
    check(poll(&entry, 1, 5000) == -1 && errno == EINTR, "poll is not made again by SA_RESTART");
    wait(NULL);

    kill_soon(getpid(), SIGUSR1);
    struct timespec request = {5, 0}, rest = {0, 0};
    check(nanosleep(&request, &rest) == -1 && errno == EINTR && rest.tv_sec == 4,
          "nanosleep says how much was left");
    wait(NULL);

    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    handled = 0;
    raise(SIGUSR1);
    check(sigsuspend(&old) == -1 && errno == EINTR && handled == 1,
          "sigsuspend lets a waiting signal in");
    sigset_t now;
    sigprocmask(SIG_SETMASK, NULL, &now);
    check(sigismember(&now, SIGUSR1), "and the mask is what it was before");
    struct timespec none = {0, 0};
    raise(SIGUSR1);
    handled = 0;
    check(ppoll(&entry, 1, &none, &old) <= 0, "ppoll with a mask returns");
    sigprocmask(SIG_SETMASK, &old, NULL);
    check(handled == 1, "the signal was handled once in all");

    handle(SIGUSR1, SIG_IGN, 0);
    kill_soon(getpid(), SIGUSR1);
    struct timespec brief = {0, 150000000};
    check(nanosleep(&brief, NULL) == 0, "an ignored signal does not end a sleep");
    wait(NULL);
}

static void check_default_actions(void) {
    struct {
        int signal;
        char const* sentence;
    } const rows[] = {
        {SIGTERM, "SIGTERM ends the process"},
        {SIGKILL, "SIGKILL ends the process"},
        {SIGRTMIN + 2, "a realtime signal ends the process"},
        {SIGPIPE, "SIGPIPE ends the process"},
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        pid_t const child = fork();
        if (child == 0) {
            raise(rows[i].signal);
            _exit(7);
        }
        int status = 0;
        waitpid(child, &status, 0);
        check(WIFSIGNALED(status) && WTERMSIG(status) == rows[i].signal, rows[i].sentence);
    }
    pid_t const child = fork();
    if (child == 0) {
        raise(SIGCHLD);
        raise(SIGWINCH);
        raise(SIGURG);
        _exit(7);
    }
    int status = 0;
    waitpid(child, &status, 0);
    check(WIFEXITED(status) && WEXITSTATUS(status) == 7, "SIGCHLD, SIGWINCH, SIGURG are ignored");
}

static volatile double vector_sum;

static void use_vectors(int signal) {
    double sum = signal;
    for (int i = 0; i < 100; ++i) sum = sum * 1.0001 + i;
    vector_sum = sum;
    handled += 1;
}

static void check_registers(void) {
    handle(SIGALRM, use_vectors, SA_RESTART);
    struct itimerval every = {{0, 1000}, {0, 1000}};
    handled = 0;
    setitimer(ITIMER_REAL, &every, NULL);
    double const expected = 499999500000.0 / 2.0;
    int right = 1;
    for (int round = 0; round < 400 && handled < 20; ++round) {
        double sum = 0.0;
        for (int i = 0; i < 1000000; ++i) sum += i * 0.5;
        if (sum != expected) right = 0;
    }
    every.it_value.tv_usec = every.it_interval.tv_usec = 0;
    setitimer(ITIMER_REAL, &every, NULL);
    check(handled > 0 && right, "a loop in floating point does not notice its handlers");
}

int main(void) {
    check_basics();
    check_masks();
    check_flags();
    check_waits();
    check_default_actions();
    check_registers();
    return result_of_checks();
}
