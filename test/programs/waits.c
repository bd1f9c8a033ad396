/* Children: exit statuses, waits of every kind, orphans, vfork, stop and continue, groups, sessions. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static volatile int children_told;
static volatile int last_code;

static void told(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)context;
    children_told += 1;
    last_code = info->si_code;
}

static void rest(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&pause, &pause) == -1) continue;
}

static void check_statuses(void) {
    int status = 0;
    check(wait(&status) == -1 && errno == ECHILD, "without children wait is ECHILD");
    pid_t child = fork();
    if (child == 0) _exit(200);
    check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 200,
          "an exit status comes through");
    check(waitpid(child, &status, 0) == -1 && errno == ECHILD, "a child is waited for once");
    child = fork();
    if (child == 0) {
        rest(100);
        _exit(3);
    }
    check(waitpid(child, &status, WNOHANG) == 0, "WNOHANG does not wait");
    siginfo_t info;
    check(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0 && info.si_pid == child &&
              info.si_code == CLD_EXITED && info.si_status == 3,
          "waitid with WNOWAIT tells and leaves the child");
    struct rusage usage;
    check(wait4(-1, &status, 0, &usage) == child, "so that wait4 finds it");
    child = fork();
    if (child == 0) _exit(0);
    check(waitpid(child, (int*)16, 0) == -1 && errno == EFAULT, "a bad status pointer is EFAULT");
    check(waitpid(-1, &status, 0x1000) == -1 && errno == EINVAL,
          "an option that is none is EINVAL");
    while (wait(NULL) > 0) continue;
    signal(SIGCHLD, SIG_IGN);
    child = fork();
    if (child == 0) _exit(0);
    check(waitpid(child, &status, 0) == -1 && errno == ECHILD,
          "an ignored SIGCHLD leaves no zombies");
    signal(SIGCHLD, SIG_DFL);
}

static void check_orphans(void) {
    int ends[2];
    if (pipe(ends) != 0) return;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t const child = fork();
    if (child == 0) {
        if (fork() == 0) {
            rest(50);
            pid_t const parent = getppid();
            _exit(write(ends[1], &parent, sizeof(parent)) == sizeof(parent) ? 9 : 8);
        }
        _exit(0);
    }
    pid_t heir = 0;
    int status = 0;
    waitpid(child, &status, 0);
    check(read(ends[0], &heir, sizeof(heir)) == sizeof(heir) && heir == getpid(),
          "an orphan goes to the nearest subreaper");
    check(wait(&status) > 0 && WEXITSTATUS(status) == 9, "which waits for it");
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    close(ends[0]);
    close(ends[1]);
}

static volatile int in_child;

static void check_vfork(char* program) {
    in_child = 0;
    int const before = getpid();
    pid_t const child = vfork();
    if (child == 0) {
        in_child = 1;
        char* const arguments[] = {program, (char*)"inner", NULL};
        execv(program, arguments);
        _exit(1);
    }
    int status = 0;
    check(in_child == 1 && getpid() == before, "a vfork child runs first, in its parent's memory");
    waitpid(child, &status, 0);
    check(WEXITSTATUS(status) == 55, "and executes a program");
}

static void check_stops(void) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = told;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigaction(SIGCHLD, &action, NULL);
    children_told = 0;
    pid_t const child = fork();
    if (child == 0)
        for (;;) pause();
    int status = 0;
    kill(child, SIGSTOP);
    check(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) &&
              WSTOPSIG(status) == SIGSTOP,
          "a stop is reported with WUNTRACED");
    check(children_told == 1 && last_code == CLD_STOPPED, "and by SIGCHLD");
    check(waitpid(child, &status, WUNTRACED | WNOHANG) == 0, "once");
    kill(child, SIGCONT);
    check(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status),
          "a continuation is reported with WCONTINUED");
    kill(child, SIGSTOP);
    waitpid(child, &status, WUNTRACED);
    kill(child, SIGTERM);
    rest(30);
    check(waitpid(child, &status, WNOHANG) == 0, "a stopped process does not act on SIGTERM");
    kill(child, SIGCONT);
    check(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGTERM,
          "but does when it is continued");
    pid_t const second = fork();
    if (second == 0)
        for (;;) pause();
    kill(second, SIGSTOP);
    waitpid(second, &status, WUNTRACED);
    kill(second, SIGKILL);
    check(waitpid(second, &status, 0) == second && WTERMSIG(status) == SIGKILL,
          "SIGKILL ends even a stopped process");
    signal(SIGCHLD, SIG_DFL);
}

static void check_groups(void) {
    check(getpgid(0) == getpgrp() && getsid(0) > 0, "there is a group and a session");
    int status = 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t const leader = fork();
    if (leader == 0) {
        setpgid(0, 0);
        for (int i = 0; i < 3; ++i)
            if (fork() == 0)
                for (;;) pause();
        for (;;) pause();
    }
    setpgid(leader, leader);
    rest(50);
    check(getpgid(leader) == leader, "a child can lead a group of its own");
    check(kill(-leader, 0) == 0, "a group can be signalled");
    kill(-leader, SIGTERM);
    check(waitpid(-leader, &status, 0) == leader && WTERMSIG(status) == SIGTERM,
          "a signal to the group reaches its leader");
    int members = 0;
    while (waitpid(-leader, &status, 0) > 0)
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM) members += 1;
    check(members == 3, "and all of its members");
    check(kill(-leader, 0) == -1 && errno == ESRCH, "after which the group is no more");
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    pid_t const session = fork();
    if (session == 0) {
        pid_t const id = setsid();
        int const right = id == getpid() && getpgrp() == id && getsid(0) == id;
        _exit(right && setsid() == -1 && errno == EPERM && setpgid(0, 0) == -1 && errno == EPERM
                  ? 0
                  : 1);
    }
    waitpid(session, &status, 0);
    check(status == 0, "setsid makes a session once, whose leader stays");
    check(setpgid(0, 999999) == -1 && errno == EPERM, "a group that is not there cannot be joined");
}

static void check_clone(void) {
    int status = 0;
    check(syscall(SYS_clone, 0x10000 /* CLONE_THREAD alone */, 0, 0, 0, 0) == -1 && errno == EINVAL,
          "a thread that shares nothing is EINVAL");
    check(syscall(SYS_clone3, (void*)16, 64) == -1 && errno == EFAULT,
          "clone3 from nowhere is EFAULT");
    check(syscall(SYS_clone3, (void*)16, 8) == -1 && errno == EINVAL,
          "clone3 of 8 bytes is EINVAL");
    struct {
        uint64_t flags, pidfd, child, parent, signal, stack, stack_size, tls;
    } arguments;
    memset(&arguments, 0, sizeof(arguments));
    arguments.signal = SIGCHLD;
    long const child = syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (child == 0) _exit(21);
    check(waitpid((pid_t)child, &status, 0) == child && WEXITSTATUS(status) == 21, "clone3 forks");
}

int main(int count, char** arguments) {
    if (count > 1) return 55;
    check_statuses();
    check_orphans();
    check_vfork(arguments[0]);
    check_stops();
    check_groups();
    check_clone();
    return result_of_checks();
}
